using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Tests.Routing.Loads;

/// <summary>docs/policy.md, "Load": traffic spreads before links are full, in time, and then stays where it is.</summary>
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Pairs = 10;
    private const double LongestOver = 10;
    private const int MostChanges = 3;
    private const int MostNoisyChanges = 5;

    /// <summary>What is measured says of some links only after minutes that they have room: a few pairs go there then.</summary>
    private const int MostLaterChanges = 2;

    private static readonly string Known = """{ "links": [{ "capacity": "100Mbit/s" }] }""";
    private static readonly string Measured = """{ "load": { "measured": true } }""";

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, int.TryParse(Environment.GetEnvironmentVariable("WECAN_LOAD_SEEDS"), out var seeds) ? seeds : 5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ten_pairs_of_one_origin_spread_over_relays(int seed)
    {
        // One edge sends to ten: its link to the best relay would have to carry all.
        var world = Star(new(seed, 1 + Pairs, 5, Policy(Known)), 1, 5);
        Flow(world, pair => world.Add(1, 2 + pair, 30));
        Judge(world);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ten_pairs_with_one_destination_spread_over_relays(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 5, Policy(Known)), 1, 5);
        Flow(world, pair => world.Add(2 + pair, 1, 30));
        Judge(world);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Ten_pairs_that_share_nothing_but_a_relay_spread_by_what_the_relay_carries(int seed)
    {
        var world = Star(new(seed, Pairs + Pairs, 5, Policy("""{ "nodes": [{ "node": "n21", "capacity": "100Mbit/s" }] }""")), Pairs, 5);
        world.Limit(21, 100);
        Flow(world, pair => world.Add(1 + pair, 1 + Pairs + pair, 30));
        Judge(world);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void They_spread_by_what_is_measured_of_links_however_noisy_that_is(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 7, Policy(Measured)) { BandwidthNoise = 0.2, RateNoise = 0.05, FlowNoise = 0.05 }, 1, 7);
        Flow(world, pair => world.Add(1, 2 + pair, 30));
        Judge(world, mostChanges: MostNoisyChanges, later: MostLaterChanges);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void They_spread_by_what_is_measured_of_links_in_reports_that_are_noisy_and_two_seconds_old(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 7, Policy(Measured)) { BandwidthNoise = 0.2, RateNoise = 0.05, FlowNoise = 0.05, ReportDelay = 2 }, 1, 7);
        Flow(world, pair => world.Add(1, 2 + pair, 30));
        Judge(world, mostChanges: MostNoisyChanges, later: MostLaterChanges);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Unequal_pairs_of_all_classes_spread(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 5, Policy(Known)) { FlowNoise = 0.05 }, 1, 5);
        double[] rates = [55, 50, 45, 40, 30, 25, 20, 15, 12, 8];
        Flow(world, pair => world.Add(1, 2 + pair, rates[(pair + seed) % Pairs], (RouteClass)(pair % 3)));

        // Where 50 and 40 have met, no pair that goes alone finds it better elsewhere, though two that changed places would.
        Judge(world, share: 0.95);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void They_spread_by_reports_that_are_two_seconds_old(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 5, Policy(Known)) { ReportDelay = 2 }, 1, 5);
        Flow(world, pair => world.Add(1, 2 + pair, 30));
        Judge(world);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Those_with_one_destination_spread_by_reports_that_are_two_seconds_old(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 5, Policy(Known)) { ReportDelay = 2 }, 1, 5);
        Flow(world, pair => world.Add(2 + pair, 1, 30));
        Judge(world);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void They_spread_over_three_relays_that_have_hardly_room_for_them(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 3, Policy(Known)), 1, 3);
        Flow(world, pair => world.Add(1, 2 + pair, 20));
        Judge(world);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Load_that_comes_and_goes_is_followed_each_time(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 5, Policy(Known)), 1, 5);
        Flow(world, pair => world.Add(1, 2 + pair, 30));
        var random = new Random(seed);
        for (var turn = 0; turn < 8; turn++)
        {
            foreach (var flow in world.Flows)
                flow.Rate = random.Next(2) * 30;
            var before = world.Flows.Sum(flow => flow.Changes);
            var over = world.Run(60);
            output.WriteLine($"{world.Flows.Count(flow => flow.Rate > 0)} flows: over for {over:0.00} s, {world.Flows.Sum(flow => flow.Changes) - before} changes");
            Assert.InRange(over, 0, LongestOver);
            Assert.InRange(world.Flows.Sum(flow => flow.Changes) - before, 0, 3 * Pairs);
        }

        // What has room again is gone back to.
        foreach (var flow in world.Flows)
            flow.Rate = 1;
        world.Run(200);
        Assert.All(world.Flows, flow => Assert.Equal("12", world.WayOf(flow)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Pairs_of_a_relay_that_dies_do_not_all_go_to_the_next(int seed)
    {
        var world = Star(new(seed, 1 + Pairs, 6, Policy(Known)), 1, 6);
        Flow(world, pair => world.Add(1, 2 + pair, 30));
        world.Run(40);
        foreach (var edge in Enumerable.Range(1, 1 + Pairs))
            world.Cut(edge, 12);
        Judge(world);
        Assert.DoesNotContain(world.Flows, flow => world.WayOf(flow) == "12");
    }

    private static void Flow(FluidWorld world, Func<int, FluidFlow> add)
    {
        for (var pair = 0; pair < Pairs; pair++)
            add(pair);
    }

    /// <param name="world">Its traffic begins, or something has changed just now.</param>
    /// <param name="mostChanges">Of any pair.</param>
    /// <param name="share">Of what a link carries, which no link is over for longer than <see cref="LongestOver"/>.</param>
    /// <param name="later">Changes of all pairs together once they had 40 s to settle.</param>
    private void Judge(FluidWorld world, int mostChanges = MostChanges, int later = 0, double share = 0.85)
    {
        var before = world.Flows.Select(flow => flow.Changes).ToList();
        var longest = world.Run(40, share);
        Assert.All(world.Flows, flow => Assert.NotEmpty(flow.Path));
        var settled = world.Flows.Sum(flow => flow.Changes);
        var calm = world.Run(260, share);
        var moved = world.Flows.Sum(flow => flow.Changes) - settled;
        output.WriteLine($"over for {longest:0.00} s, later for {calm:0.00} s; changes {string.Join(' ', world.Flows.Select((flow, at) => flow.Changes - before[at]))}, the last at {world.Flows.Max(flow => flow.ChangedAt):0.0} s, {moved} later; ways {string.Join(", ", world.Flows.Select(world.WayOf))}");
        Assert.InRange(longest, 0, LongestOver);
        Assert.InRange(calm, 0, later > 0 ? LongestOver : 0);
        Assert.All(world.Flows.Select((flow, at) => flow.Changes - before[at]), changes => Assert.InRange(changes, 0, mostChanges));
        Assert.InRange(moved, 0, later);
    }

    /// <summary>Edges that reach each other over relays alone, each relay a little longer than the one before.</summary>
    private static FluidWorld Star(FluidWorld world, int origins, int relays)
    {
        for (var edge = 1; edge <= origins + Pairs; edge++)
        {
            for (var relay = 0; relay < relays; relay++)
                world.Link(edge, origins + Pairs + 1 + relay, 20 + (8 * relay), 100);
        }

        return world;
    }

    private static PolicyDocument Policy(string text)
    {
        Assert.True(PolicyDocument.TryRead(text, out var policy, out var problems), string.Join('\n', problems));
        return policy;
    }
}
