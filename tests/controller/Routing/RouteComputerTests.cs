using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>docs/control.md, "Routes": held against <see cref="Oracle"/> on random networks. WECAN_ROUTE_SEEDS runs that many.</summary>
public sealed class RouteComputerTests(ITestOutputHelper output)
{
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("WECAN_ROUTE_SEEDS"), out var seeds) ? seeds : 12;
    private static readonly RouteClass[] Classes = [RouteClass.Realtime, RouteClass.Signal, RouteClass.Bulk];

    private readonly RoutePolicy _policy = new();

    [Fact]
    public void All_ways_are_the_best_there_are_and_share_no_relay()
    {
        var (backups, detours) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var topology = RandomNetwork.Make(random, random.Next(2, 26), random.Next(3) switch { 0 => 0.15, 1 => 0.4, _ => 1 });
            topology = seed % 2 == 0 ? RandomNetwork.Restrict(random, topology) : topology;
            var table = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
            foreach (var pair in Pairs(topology, table))
                (backups, detours) = (backups + JudgeBackups(seed, topology, pair), detours + JudgeDetour(seed, topology, table, pair));
        }

        output.WriteLine($"{backups} backups, {detours} detours");
        Assert.True(backups > 1_000 && detours > 50, "The networks are too tame.");
    }

    [Fact]
    public void Pairs_drawn_from_networks_of_a_hundred_nodes_have_the_best_ways_too()
    {
        var (backups, detours) = (0, 0);
        for (var seed = 1; seed <= Math.Max(Seeds / 6, 1); seed++)
        {
            var random = new Random(seed);
            var count = random.Next(60, 120);
            var topology = seed % 2 == 0 ? RandomNetwork.OnPlane(random, count) : RandomNetwork.Make(random, count, random.Next(3) switch { 0 => 0.1, 1 => 0.4, _ => 1 });
            var table = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
            foreach (var pair in random.GetItems(Pairs(topology, table).ToArray(), 40))
                (backups, detours) = (backups + JudgeBackups(seed, topology, pair), detours + JudgeDetour(seed, topology, table, pair));
        }

        output.WriteLine($"{backups} backups, {detours} detours");
        Assert.True(backups > 100, "The networks are too tame.");
    }

    [Fact]
    public void Ways_are_kept_while_nothing_is_clearly_better_and_left_when_something_is()
    {
        var (kept, left) = (0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var topology = RandomNetwork.Make(random, random.Next(4, 24), 0.7);
            topology = seed % 3 == 0 ? RandomNetwork.Restrict(random, topology) : topology;
            var table = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
            for (var step = 0; step < 5; step++)
            {
                topology = RandomNetwork.Shift(random, topology);
                var next = RouteComputer.Compute(topology, _policy, table);
                foreach (var (service, origin, destination, ways) in Pairs(topology, next))
                {
                    var oracle = new Oracle(topology, _policy, service);
                    var at = $"seed {seed} step {step}, {topology.Nodes[origin]} to {topology.Nodes[destination]}";
                    var best = oracle.Best(origin, destination, [], 2);
                    var held = Ways(table.Of(topology.Nodes[origin])!.To(service, topology.Nodes[destination])).Where(way => oracle.Reckon(origin, way, destination) < long.MaxValue).ToList();
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
    public void What_a_few_changed_links_need_gives_what_all_would()
    {
        var moved = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var count = random.Next(6, 36);
            var topology = random.Next(3) == 0 ? RandomNetwork.OnPlane(random, count) : RandomNetwork.Make(random, count, random.Next(2) == 0 ? 0.3 : 1);
            topology = seed % 2 == 0 ? RandomNetwork.Restrict(random, topology) : topology;
            var policy = seed % 3 == 0 ? _policy with { MostChanges = 0.001 } : _policy;
            var computer = new RouteComputer();
            var table = computer.Run(topology, policy, RouteTable.Empty);
            for (var step = 0; step < 15; step++)
            {
                for (var changes = random.Next(3) == 0 ? random.Next(1, (count / 2) + 1) : 1; changes > 0; changes--)
                    topology = RandomNetwork.Change(random, topology);
                var next = computer.Run(topology, policy, table);
                AssertSame($"seed {seed} step {step}", topology, RouteComputer.Compute(topology, policy, table), next);
                moved += next == table ? 0 : next.Changed;
                table = next;
            }
        }

        Assert.True(moved > 500, $"Only {moved} pairs moved: the test is too tame.");
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
    public void To_compute_again_what_was_damped_changes_nothing()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var topology = RandomNetwork.Make(random, random.Next(4, 30), 0.6);
            var table = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
            for (var step = 0; step < 4; step++)
            {
                topology = RandomNetwork.Shift(random, topology);
                table = RouteComputer.Compute(topology, _policy, table);
                Assert.Same(table, RouteComputer.Compute(topology, _policy, table));
            }
        }
    }

    [Fact]
    public void A_node_that_carries_nothing_still_has_ways_and_is_on_nobody_elses()
    {
        var topology = RandomNetwork.OnPlane(new(2), 40);
        var before = RouteComputer.Compute(topology, _policy, RouteTable.Empty);
        var popular = Pairs(topology, before).SelectMany(pair => pair.Ways).Where(way => way.Relays > 0).GroupBy(way => way.First).MaxBy(group => group.Count())!.Key;
        topology.Let(topology.IndexOf(popular), carry: false);
        var after = RouteComputer.Compute(topology, _policy, before);

        Assert.All(Pairs(topology, after), pair => Assert.Equal(WaySet.MostWays, pair.Ways.Length));
        Assert.DoesNotContain(Pairs(topology, after), pair => pair.Ways.Any(way => way.First == popular || way.Second == popular));
    }

    [Fact]
    public void Where_all_are_linked_every_pair_has_all_its_ways()
    {
        var topology = RandomNetwork.OnPlane(new(3), 250);
        Assert.All(Pairs(topology, RouteComputer.Compute(topology, _policy, RouteTable.Empty)), pair => Assert.Equal(WaySet.MostWays, pair.Ways.Length));
    }

    private int JudgeBackups(int seed, Topology topology, (RouteClass Service, int Origin, int Destination, Way[] Ways) pair)
    {
        var (service, origin, destination, ways) = pair;
        var oracle = new Oracle(topology, _policy, service);
        var at = $"seed {seed}, {service} {topology.Nodes[origin]} to {topology.Nodes[destination]}";
        for (var rank = 0; rank <= ways.Length && rank < WaySet.MostWays; rank++)
        {
            var best = oracle.Best(origin, destination, ways[..rank], 2);
            var cost = rank < ways.Length ? oracle.Reckon(origin, ways[rank], destination) : long.MaxValue;
            Assert.True(cost == best, $"{at}: way {rank} costs {cost}, and {best} is the best.");
            Assert.All(ways[..rank], way => Assert.True(rank == ways.Length || way.IsDisjointFrom(ways[rank]), $"{at}: ways share a relay."));
        }

        return Math.Max(ways.Length - 1, 0);
    }

    private int JudgeDetour(int seed, Topology topology, RouteTable table, (RouteClass Service, int Origin, int Destination, Way[] Ways) pair)
    {
        var (service, origin, destination, ways) = pair;
        var oracle = new Oracle(topology, _policy, service);
        var detour = table.Of(topology.Nodes[origin])!.To(service, topology.Nodes[destination]).Detour;
        var at = $"seed {seed}, {service} {topology.Nodes[origin]} to {topology.Nodes[destination]}";
        if (ways.Length == 0 || ways[0].Relays < 2)
        {
            Assert.True(detour.IsNone, $"{at}: a detour where the backup does the same.");
            return 0;
        }

        var best = oracle.Best(origin, destination, [new(ways[0].First, NodeId.None)], 2);
        var backup = ways[1..].Select(way => oracle.Reckon(origin, way, destination)).DefaultIfEmpty(Topology.Unreachable).Min();
        var isWanted = best < long.MaxValue && _policy.IsWorthIt((int)backup, (int)best);
        Assert.True(isWanted != detour.IsNone, $"{at}: the best around {ways[0].First} costs {best}, the best backup {backup}, and the detour is {detour}.");
        if (!isWanted)
            return 0;
        Assert.True(oracle.Reckon(origin, detour, destination) == best && detour.First != ways[0].First && detour.Second != ways[0].First, $"{at}: {detour} is no detour.");
        return 1;
    }

    private static void AssertSame(string at, Topology topology, RouteTable expected, RouteTable actual)
    {
        foreach (var node in topology.Nodes)
        {
            Assert.True(expected.Of(node)!.Version == actual.Of(node)!.Version, $"{at}: {node} has {actual.Of(node)!.Version} and not {expected.Of(node)!.Version}.");
            foreach (var service in Classes)
            {
                foreach (var other in topology.Nodes)
                {
                    var (one, two) = (expected.Of(node)!.To(service, other), actual.Of(node)!.To(service, other));
                    Assert.True(one.IsSame(two), $"{at}: {service} {node} to {other} is {two[0]} {two[1]} {two[2]} {two.Detour} and not {one[0]} {one[1]} {one[2]} {one.Detour}.");
                }
            }
        }

        Assert.Equal((expected.Changed, expected.Waiting, expected.Missing), (actual.Changed, actual.Waiting, actual.Missing));
    }

    private static IEnumerable<(RouteClass Service, int Origin, int Destination, Way[] Ways)> Pairs(Topology topology, RouteTable table)
    {
        foreach (var service in Classes)
        {
            for (var origin = 0; origin < topology.Count; origin++)
            {
                for (var destination = 0; destination < topology.Count; destination++)
                {
                    var ways = Ways(table.Of(topology.Nodes[origin])!.To(service, topology.Nodes[destination]));
                    if (origin != destination)
                        yield return (service, origin, destination, ways);
                    else
                        Assert.Empty(ways);
                }
            }
        }
    }

    private static Way[] Ways(WaySet set)
    {
        ReadOnlySpan<Way> all = set;
        return all[..set.Count].ToArray();
    }
}
