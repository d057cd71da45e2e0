using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>docs/control.md, "Routes": held against <see cref="Oracle"/> on random networks. WECAN_ROUTE_SEEDS runs that many.</summary>
public sealed class RouteComputerTests(ITestOutputHelper output)
{
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("WECAN_ROUTE_SEEDS"), out var seeds) ? seeds : 60;

    private readonly RoutePolicy _policy = new();

    [Fact]
    public void The_first_way_is_the_best_there_is_and_backups_share_no_relay()
    {
        var (backups, exact) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var topology = RandomNetwork.Make(random, random.Next(2, 28), random.Next(3) switch { 0 => 0.15, 1 => 0.4, _ => 1 });
            var oracle = new Oracle(topology, _policy);
            var table = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
            foreach (var (origin, destination, ways) in Pairs(topology, table))
            {
                var at = $"seed {seed}, {topology.Nodes[origin]} to {topology.Nodes[destination]}";
                for (var rank = 0; rank <= ways.Length && rank < ControlLimits.MaxWays; rank++)
                {
                    var before = ways[..rank];
                    var best = oracle.Best(origin, destination, before, 2);
                    var cost = rank < ways.Length ? oracle.Reckon(origin, ways[rank], destination) : long.MaxValue;
                    Assert.True(rank == ways.Length || cost < long.MaxValue, $"{at}: way {rank} cannot be used.");
                    Assert.True((cost == long.MaxValue) == (best == long.MaxValue), $"{at}: rank {rank} is {cost}, and {best} there is.");
                    Assert.True(rank > 0 || cost == best, $"{at}: {cost} was chosen where {best} is the best.");
                    Assert.True(cost <= oracle.Best(origin, destination, before, 1), $"{at}: the backup {rank} is worse than one over one relay.");
                    Assert.All(before, way => Assert.True(rank == ways.Length || way.IsDisjointFrom(ways[rank]), $"{at}: ways share a relay."));
                    if (rank == 0 || best == long.MaxValue)
                        continue;
                    backups++;
                    exact += cost == best ? 1 : 0;
                }
            }
        }

        output.WriteLine($"{exact} of {backups} backups are the best that there are.");
        Assert.True(exact >= 0.98 * backups, $"Only {exact} of {backups} backups are the best that there are.");
    }

    [Fact]
    public void Ways_are_kept_while_nothing_is_clearly_better_and_left_when_something_is()
    {
        var (kept, left) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var topology = RandomNetwork.Make(random, random.Next(4, 24), 0.7);
            var table = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
            for (var step = 0; step < 5; step++)
            {
                topology = RandomNetwork.Shift(random, topology);
                var (oracle, next) = (new Oracle(topology, _policy), RouteComputer.Compute(topology, _policy, table));
                foreach (var (origin, destination, ways) in Pairs(topology, next))
                {
                    var at = $"seed {seed} step {step}, {topology.Nodes[origin]} to {topology.Nodes[destination]}";
                    var best = oracle.Best(origin, destination, [], 2);
                    var held = Ways(table.Of(topology.Nodes[origin])!.To(topology.Nodes[destination])).Where(way => oracle.Reckon(origin, way, destination) < long.MaxValue).ToList();
                    if (ways.Length == 0)
                    {
                        Assert.True(best == long.MaxValue, at);
                        continue;
                    }

                    var now = oracle.Reckon(origin, ways[0], destination);
                    Assert.True(now < long.MaxValue, $"{at}: the way cannot be used.");
                    Assert.False(_policy.IsWorthIt((int)now, (int)best), $"{at}: {now} is kept, and {best} would be clearly better.");
                    var incumbent = held.Count == 0 ? long.MaxValue : oracle.Reckon(origin, held[0], destination);
                    var mayMove = held.Count == 0 || _policy.IsWorthIt((int)incumbent, (int)best);
                    Assert.True(mayMove || ways[0] == held[0], $"{at}: it was left for what is not clearly better.");
                    Assert.All(ways.SelectMany((way, i) => ways[..i].Select(other => (way, other))), pair => Assert.True(pair.way.IsDisjointFrom(pair.other), at));
                    (kept, left) = mayMove ? (kept, left + 1) : (kept + 1, left);
                }

                table = next;
            }
        }

        Assert.True(kept > 500 && left > 100, $"{kept} were kept and {left} left: the test is too tame.");
    }

    [Fact]
    public void The_same_gives_the_same_and_nothing_new_changes_no_version()
    {
        var topology = RandomNetwork.OnPlane(new(1), 60);
        var first = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
        var second = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
        foreach (var node in topology.Nodes)
            Assert.Equal(first.Of(node)!.Version, second.Of(node)!.Version);
        Assert.Same(first, RouteComputer.Compute(topology, _policy, first));
    }

    [Fact]
    public void A_node_that_carries_nothing_still_has_ways_and_is_on_nobody_elses()
    {
        var topology = RandomNetwork.OnPlane(new(2), 40);
        var before = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
        var popular = Pairs(topology, before).SelectMany(pair => pair.Ways).Where(way => way.Relays > 0).GroupBy(way => way.First).MaxBy(group => group.Count())!.Key;
        topology.Let(topology.IndexOf(popular), carry: false);
        var after = RouteComputer.Compute(topology, _policy, before);

        Assert.All(Pairs(topology, after), pair => Assert.Equal(ControlLimits.MaxWays, pair.Ways.Length));
        Assert.DoesNotContain(Pairs(topology, after), pair => pair.Ways.Any(way => way.First == popular || way.Second == popular));
    }

    [Theory]
    [InlineData(250)]
    [InlineData(1_000)]
    public void A_full_computation_takes_this_long(int count)
    {
        var topology = RandomNetwork.OnPlane(new(3), count);
        var table = RouteTable.Empty;
        var times = new List<double>();
        for (var round = 0; round < 4; round++)
        {
            var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            table = RouteComputer.Compute(topology, _policy, table);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            output.WriteLine($"{count} nodes: {times[^1]:F0} ms, {(Environment.CpuUsage.TotalTime - used).TotalMilliseconds:F0} ms of the processor");
        }

        Assert.All(Pairs(topology, table), pair => Assert.Equal(ControlLimits.MaxWays, pair.Ways.Length));
        Assert.InRange(times.Min(), 0, 10_000);
    }

    private static IEnumerable<(int Origin, int Destination, Way[] Ways)> Pairs(Topology topology, RouteTable table)
    {
        for (var origin = 0; origin < topology.Count; origin++)
        {
            for (var destination = 0; destination < topology.Count; destination++)
            {
                var ways = Ways(table.Of(topology.Nodes[origin])!.To(topology.Nodes[destination]));
                if (origin != destination)
                    yield return (origin, destination, ways);
                else
                    Assert.Empty(ways);
            }
        }
    }

    private static Way[] Ways(WaySet set)
    {
        ReadOnlySpan<Way> all = set;
        return all[..set.Count].ToArray();
    }
}
