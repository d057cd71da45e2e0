using System.Diagnostics;
using System.Text;
using WeCan.MessageBus.Protocol.Subjects;

namespace WeCan.Bench.Bus;

/// <summary>What an edge's tree of patterns takes for each subscription, with as many as one edge is to hold, and how long it looks for who wants a message.</summary>
internal sealed record SubjectMeasurement(double BytesPerSubscription, double MatchNanoseconds)
{
    private const int Subscriptions = 1_000_000;
    private const int Matches = 1_000_000;

    public static SubjectMeasurement Measure()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tree = new SubjectTree<object>(seed: 1);
        var owner = new object();
        for (var index = 0; index < Subscriptions; index++)
            tree.Add(Encoding.UTF8.GetBytes($"bench.room.{index}.chat"), owner, out _);
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var subjects = Enumerable.Range(0, 4_096).Select(index => Encoding.UTF8.GetBytes($"bench.room.{index * 241}.chat")).ToArray();
        var counter = default(Counter);
        var rounds = new List<double>();
        for (var round = 0; round <= BusLimits.Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var index = 0; index < Matches; index++)
                tree.Match(subjects[index % subjects.Length], ref counter);
            rounds.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / Matches);
        }

        if (counter.Found != Matches * (BusLimits.Rounds + 1L))
            throw new BusBenchException($"The tree found {counter.Found} subscriptions where there are {Matches * (BusLimits.Rounds + 1L)}.");
        GC.KeepAlive(tree);

        // The first round has compiled it.
        return new(bytes / (double)Subscriptions, rounds.Skip(1).Order().ElementAt(BusLimits.Rounds / 2));
    }

    private struct Counter : IMatchVisitor<object>
    {
        public long Found;

        public void Visit(object value) => Found++;
    }
}
