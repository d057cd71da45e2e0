using System.Diagnostics;
using System.Text;
using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;
using WeCan.Edge.Bus.Interest.Homes;

namespace WeCan.Edge.Tests.Bus.Interest;

/// <summary>What interest costs: docs/decisions/0053 has the figures.</summary>
public sealed class InterestCostTests(ITestOutputHelper output)
{
    private const int Patterns = 100_000;

    [Fact]
    public void A_home_keeps_bytes_for_a_pattern_and_registering_is_linear()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var pair = wires.PairOf("chat");
        var subscriber = wires.Others("chat")[0];
        var names = Enumerable.Range(0, Patterns).Select(index => Encoding.UTF8.GetBytes($"chat.room.{index / 10}.user-{index}")).ToArray();
        var start = Stopwatch.GetTimestamp();
        for (var index = 0; index < Patterns; index++)
            wires[subscriber].Subscribe(wires.Now, names[index], (ulong)index);
        var subscribed = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        wires.Carry();
        var carried = Stopwatch.GetElapsedTime(start);
        var confirmed = 0;
        while (wires[subscriber].TryTakeConfirmed(out _))
            confirmed++;
        Assert.Equal(Patterns, confirmed);
        Assert.Equal(Patterns, wires[pair.First].Sizes.Registrations);

        // All that it ever allocated, tables that were outgrown included: a little more than it keeps, and the same in each run.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var home = new Home(new(pair.First, seed: 1));
        foreach (var name in names)
            home.Add(home.Here, name);
        var perPattern = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Patterns;
        Assert.Equal(Patterns, home.RegistrationCount);
        output.WriteLine($"{perPattern:F0} bytes per pattern at a home; {Patterns} subscribed in {subscribed.TotalMilliseconds:F0} ms, told to and confirmed by two homes in {carried.TotalMilliseconds:F0} ms and {wires.Messages} messages");
        Assert.InRange(perPattern, 1, 160);
    }

    [Fact]
    public void A_match_allocates_nothing()
    {
        var wires = new DeskWires(4);
        wires.Wait(5);
        var (publisher, subscriber) = (wires.Others("chat")[0], wires.Others("chat")[1]);
        for (var index = 0; index < 20_000; index++)
            wires.Subscribe(subscriber, $"chat.room.{index}.>", (ulong)index);
        wires.Carry();
        var subjects = Enumerable.Range(0, 1_000).Select(index => Encoding.UTF8.GetBytes($"chat.room.{index}.message")).ToArray();
        for (var tries = 0; tries < 200; tries++)
        {
            foreach (var subject in subjects)
                wires[publisher].TryMatch(wires.Now, subject, out _);
            wires.Carry();
        }

        Assert.Equal(2 * subjects.Length, wires[publisher].Sizes.Slices);
        var (best, matched) = (double.MaxValue, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var subject in subjects)
                matched += wires[publisher].TryMatch(wires.Now, subject, out var edges) ? edges.Length : 0;
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / subjects.Length);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(20 * subjects.Length, matched);
        output.WriteLine($"{best:F0} ns for a match among {wires[publisher].Sizes.Slices} slices");
    }
}
