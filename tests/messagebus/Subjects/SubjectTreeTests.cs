using System.Text;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.MessageBus.Tests.Subjects;

public sealed class SubjectTreeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Finds_what_single_patterns_say_through_adding_and_removing(int seed)
    {
        var names = new Names(seed, hasSystem: true);
        var tree = new SubjectTree<int>(seed: 99);
        var held = new List<(int Entry, byte[] Pattern, int Value)>();
        for (var step = 0; step < 20_000; step++)
        {
            // It grows and shrinks by turns, so that its tables do too.
            if (held.Count > 0 && names.Pick(100) < (step / 2_000 % 2 == 0 ? 30 : 70))
            {
                var index = names.Pick(held.Count);
                var (entry, pattern, value) = held[index];
                held.RemoveAt(index);
                Assert.Equal(value, tree[entry]);
                Assert.Equal(!held.Exists(other => other.Pattern.AsSpan().SequenceEqual(pattern)), tree.Remove(entry));
            }
            else
            {
                var pattern = names.Pattern();
                var isNew = !held.Exists(other => other.Pattern.AsSpan().SequenceEqual(pattern));
                held.Add((tree.Add(pattern, step, out var isFirst), pattern, step));
                Assert.Equal(isNew, isFirst);
            }

            Assert.Equal(held.Count, tree.Count);
            if (step % 20 != 0)
                continue;
            var subject = names.Subject();
            Assert.Equal(held.Where(one => PatternRules.Matches(one.Pattern, subject)).Select(one => one.Value).Order(), Found(tree, subject).Order());
            var other = names.Pattern();
            Assert.Equal(held.Where(one => PatternRules.Overlap(one.Pattern, other)).Select(one => one.Entry).Order(), Overlapping(tree, other).Order());
            Assert.Equal(held.Where(one => one.Pattern.AsSpan().SequenceEqual(other)).Select(one => one.Entry).Order(), Under(tree, other).Order());
        }

        foreach (var (entry, _, _) in held)
            tree.Remove(entry);
        Assert.Equal(0, tree.NodeCount);
    }

    [Fact]
    public void Sixteen_stars_and_an_arrow_are_as_deep_as_it_goes()
    {
        var tree = new SubjectTree<int>(seed: 5);
        var deep = Encoding.UTF8.GetBytes("s" + string.Concat(Enumerable.Repeat(".*", 15)));
        tree.Add(deep, 1, out _);
        tree.Add("s.>"u8, 2, out _);
        Assert.Equal([1, 2], Found(tree, Encoding.UTF8.GetBytes("s" + string.Concat(Enumerable.Repeat(".x", 15)))).Order());
        Assert.Equal([2], Found(tree, "s.x"u8.ToArray()));
        Assert.Empty(Found(tree, "t.x"u8.ToArray()));
    }

    [Fact]
    public void A_match_allocates_nothing()
    {
        var names = new Names(7);
        var tree = new SubjectTree<int>(seed: 3);
        for (var index = 0; index < 1_000; index++)
            tree.Add(names.Pattern(), index, out _);
        var subjects = Enumerable.Range(0, 100).Select(_ => names.Subject()).ToArray();
        var counter = new Counter();
        Array.ForEach(subjects, subject => tree.Match(subject, ref counter));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var subject in subjects)
            tree.Match(subject, ref counter);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(counter.Count > 1_000);
    }

    /// <summary>The least of three: other tests allocate meanwhile.</summary>
    [Fact]
    public void A_million_subscriptions_cost_bytes_and_no_objects()
    {
        var least = double.MaxValue;
        for (var round = 0; round < 3 && least > 96; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var tree = MillionSubscriptions();
            least = Math.Min(least, (GC.GetTotalMemory(forceFullCollection: true) - before) / 1_000_000.0);
            GC.KeepAlive(tree);
        }

        Assert.InRange(least, 1, 96);
    }

    private static SubjectTree<long> MillionSubscriptions()
    {
        var tree = new SubjectTree<long>(seed: 1);
        Span<byte> pattern = stackalloc byte[32];
        for (var index = 0; index < 1_000_000; index++)
        {
            Assert.True(Encoding.UTF8.TryGetBytes($"chat.room.{index / 10}.user-{index}", pattern, out var length));
            tree.Add(pattern[..length], index, out _);
        }

        return tree;
    }

    [Fact]
    public void Every_value_tells_its_pattern()
    {
        var names = new Names(11);
        var tree = new SubjectTree<int>(seed: 4);
        var patterns = Enumerable.Range(0, 500).Select(_ => names.Pattern()).ToList();
        var entries = patterns.Select(pattern => tree.Add(pattern, 1, out _)).ToList();
        var written = new byte[SubjectLimits.MaxBytes];
        Assert.Equal(entries.Max() + 1, tree.Limit);
        for (var index = 0; index < entries.Count; index++)
            Assert.Equal(patterns[index], written[..tree.WritePattern(entries[index], written)]);
    }

    [Fact]
    public void An_overlap_ends_where_its_visitor_has_enough()
    {
        var tree = new SubjectTree<int>(seed: 4);
        for (var index = 0; index < 100; index++)
            tree.Add(Encoding.UTF8.GetBytes($"s.{index}.a"), index, out _);
        var few = new Numbers([], 7);
        Assert.False(tree.Overlap("s.>"u8, ref few));
        Assert.Equal(7, few.Entries.Count);
        var one = new Numbers([], 7);
        Assert.True(tree.Overlap("s.5.*"u8, ref one));
        Assert.Single(one.Entries);
    }

    private static List<int> Overlapping(SubjectTree<int> tree, byte[] pattern)
    {
        var all = new Numbers([], int.MaxValue);
        Assert.True(tree.Overlap(pattern, ref all));
        return all.Entries;
    }

    private static IEnumerable<int> Under(SubjectTree<int> tree, byte[] pattern)
    {
        for (var entry = tree.Find(pattern); entry >= 0; entry = tree.NextOf(entry))
            yield return entry;
    }

    private static List<int> Found(SubjectTree<int> tree, byte[] subject)
    {
        var list = new Collector([]);
        tree.Match(subject, ref list);
        return list.Values;
    }

    private readonly struct Collector(List<int> values) : IMatchVisitor<int>
    {
        public List<int> Values { get; } = values;

        public void Visit(int value) => Values.Add(value);
    }

    private readonly struct Numbers(List<int> entries, int enough) : IOverlapVisitor
    {
        public List<int> Entries { get; } = entries;

        public bool Visit(int entry)
        {
            Entries.Add(entry);
            return Entries.Count < enough;
        }
    }

    private struct Counter : IMatchVisitor<int>
    {
        public int Count;

        public void Visit(int value) => Count++;
    }
}
