using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Simulation.World;

namespace WeCan.Simulation.Tests.Failover;

/// <summary>
/// Bursts on a hop that the origin does not see itself, with whole nodes: the relay says that its link is strained, and copies go another way
/// before the flow misses much. docs/decisions/0047.
/// </summary>
public sealed class StrainTests
{
    private const int Seconds = 20;

    private const string Text = """
        host a 10.77.0.1
        host b 10.77.0.2
        host r1 10.77.0.3
        host r2 10.77.0.4
        link a b delay 150 rate 100
        link a r1 delay 30 rate 100
        link r1 b delay 40 rate 100
        link a r2 delay 40 rate 100
        link r2 b delay 45 rate 100
        link r1 r2 delay 60 rate 100
        """;

    /// <summary>
    /// The third has as many bursts as the first two, and sixty milliseconds for repair: what is missed of it is little, and the selector's
    /// own trials are all that is copied.
    /// </summary>
    [Theory]
    [InlineData(1, "link r1 b loss 15 burst 4", 1, 1.02, 2)]
    [InlineData(2, "link r1 b loss 15 burst 4", 1, 1.02, 2)]
    [InlineData(3, "link a r1 loss 15 burst 4", 0, 1, 1.6)]
    [InlineData(4, "link r1 b loss 5", 0, 1, 1)]
    [InlineData(5, "link a r1 loss 10", 0, 1, 1)]
    [InlineData(6, "link a r1 loss 0", 0, 1, 1)]
    public void Bursts_that_repair_cannot_reach_are_guarded_on_any_hop_and_nothing_else_is(int seed, string trouble, int guards, double leastWire, double mostWire)
    {
        using var world = new RoutedWorld(Lab.Wan.Scenario.Parse(Text), seed);
        Assert.True(world.Loop.RunUntil(world.Loop.Now + Duration.FromSeconds(60), () => world[0].Routes.Find(RoutedWorld.IdOf(1)).WayCount == 3));
        world.RunFor(5);
        world.StopController(1_000);
        world.Loop.Apply(trouble);
        var sink = new FailoverSink();
        FailoverSource? source = null;
        world.Loop.Call<RoutedHost>(1, (host, _) => host.Sink = sink);
        world.Loop.Call<RoutedHost>(0, (host, now) => host.Source = source = new(RoutedWorld.IdOf(1), paths: 1, now, Seconds * FailoverSource.PerSecond));
        world.RunFor(Seconds + 1);

        var missed = new int[Seconds];
        var came = sink.Arrivals.ToDictionary(arrival => arrival.Index, arrival => world.Loop.Clock(1).ToTrue(arrival.At));
        for (var i = 0; i < source!.SentAt.Count; i++)
        {
            if (!came.TryGetValue(i, out var at) || at - world.Loop.Clock(0).ToTrue(source.SentAt[i]) > FailoverSource.Deadline)
                missed[i / FailoverSource.PerSecond]++;
        }

        var counters = world[0].Node.TransportCounters;
        Assert.Equal(guards, counters.PathGuards);
        Assert.InRange((counters.FragmentsSent + counters.CopiesSent) / (double)counters.FragmentsSent, leastWire, mostWire);
        Assert.All(missed[2..], count => Assert.InRange(count, 0, FailoverSource.PerSecond / 100));
    }
}
