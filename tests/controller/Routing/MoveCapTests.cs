using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>docs/policy.md, "Damping": so many pairs move in a round, those first that gain most; who is in need does not wait.</summary>
public sealed class MoveCapTests
{
    private const int Count = 24;

    private static readonly RoutePolicy Policy = new() { MostChanges = 0.02, LeastGain = 0.02 };

    [Fact]
    public void Better_ways_are_taken_in_rounds_and_those_first_that_gain_most()
    {
        var random = new Random(1);
        var before = RandomNetwork.OnPlane(random, Count);
        var computer = new RouteComputer();
        var table = computer.Run(before, Policy, RouteTable.Empty);
        var after = Scaled(random, before);
        var cap = Policy.Cap(Count);
        var rounds = 0;
        for (; rounds == 0 || table.Waiting > 0; rounds++)
        {
            var next = computer.Run(after, Policy, table);
            var moved = Gains(after, table, next).ToList();
            Assert.InRange(moved.Count(pair => pair.HasMoved && !pair.IsUrgent), next.Waiting > 0 ? cap : 0, cap);
            var least = moved.Where(pair => pair.HasMoved && !pair.IsUrgent).Select(pair => pair.PairGain).DefaultIfEmpty(0).Min();
            var most = moved.Where(pair => !pair.HasMoved && next.Stays.ContainsKey(pair.Key)).Select(pair => pair.PairGain).DefaultIfEmpty(0).Max();
            Assert.True(next.Waiting == 0 || least >= most, $"Round {rounds}: a pair waits that gains {most}, and one moved that gains {least}.");
            Assert.All(next.Stays.Values, cause => Assert.Equal(RouteCause.Waits, cause));
            table = next;
            Assert.InRange(rounds, 0, 200);
        }

        // At the end everybody is where it would be without the cap.
        Assert.InRange(rounds, 4, 200);
        Assert.Same(table, RouteComputer.Compute(after, Policy with { MostChanges = 1 }, table));
    }

    [Fact]
    public void Whose_way_is_dead_or_very_bad_moves_at_once()
    {
        var topology = RandomNetwork.OnPlane(new(2), Count);
        var table = RouteComputer.Compute(topology, Policy, RouteTable.Empty);
        var popular = (from origin in topology.Nodes.ToArray()
                       from destination in topology.Nodes.ToArray()
                       let way = table.Of(origin)!.To(RouteClass.Signal, destination)[0]
                       where way.Relays > 0
                       group way by way.First).MaxBy(group => group.Count())!;
        Assert.True(popular.Count() > 20);
        var place = topology.IndexOf(popular.Key);

        // All links to it become very bad; then it is gone.
        var bad = topology;
        for (var from = 0; from < Count; from++)
            bad = bad.With(from, place, [.. Enumerable.Range(0, 3).Select(each => bad.Cost((RouteClass)each, from, place) + 1_000_000)]);
        var next = RouteComputer.Compute(bad, Policy with { MostChanges = 0.001 }, table);
        AssertNobodyPasses(next, topology, popular.Key);
        Assert.Equal(0, next.Waiting);

        var gone = RandomNetwork.OnPlane(new(2), Count);
        gone.Let(place, carry: false);
        AssertNobodyPasses(RouteComputer.Compute(gone, Policy with { MostChanges = 0.001 }, table), topology, popular.Key);
    }

    [Fact]
    public void Pairs_that_no_way_leads_to_are_counted_and_one_is_named()
    {
        var topology = new Topology(new NodeId(1), new NodeId(2), new NodeId(3));
        topology.Let(1, carry: true);
        foreach (var (one, other) in (ReadOnlySpan<(int, int)>)[(0, 1), (1, 0), (1, 2), (2, 1)])
            topology.Set(one, other, 10_000);
        var computer = new RouteComputer();
        var whole = computer.Run(topology, Policy, RouteTable.Empty);
        Assert.Equal((0, null), (whole.Missing, whole.MissingExample));

        // The one way there from 1 is closed to Bulk.
        var closed = computer.Run(topology.With(0, 1, 10_000, 10_000, Topology.Unreachable), Policy, whole);
        Assert.Equal([0, 0, 2], ((RouteClass[])[RouteClass.Realtime, RouteClass.Signal, RouteClass.Bulk]).Select(service => closed.MissingOf[(int)service]));
        Assert.Equal((2, RouteClass.Bulk, new NodeId(1)), (closed.Missing, closed.MissingExample!.Value.Service, closed.MissingExample.Value.Origin));
        Assert.Equal(0, computer.Run(topology, Policy, closed).Missing);
    }

    private static void AssertNobodyPasses(RouteTable table, Topology topology, NodeId node)
    {
        foreach (var origin in topology.Nodes.ToArray())
        {
            foreach (var destination in topology.Nodes.ToArray())
                Assert.True(origin == node || table.Of(origin)!.To(RouteClass.Signal, destination)[0] is var way && way.First != node && way.Second != node, $"{origin} to {destination}");
        }
    }

    private static Topology Scaled(Random random, Topology topology)
    {
        var scaled = new Topology(topology.Nodes);
        for (var from = 0; from < topology.Count; from++)
        {
            scaled.Let(from, carry: true);
            for (var to = 0; to < topology.Count; to++)
            {
                if (from != to)
                    scaled.Set(from, to, (int)(topology.Cost(RouteClass.Signal, from, to) * (0.7 + (0.6 * random.NextDouble()))));
            }
        }

        return scaled;
    }

    private static IEnumerable<((RouteClass, NodeId, NodeId) Key, bool HasMoved, bool IsUrgent, long PairGain)> Gains(Topology topology, RouteTable before, RouteTable after)
    {
        for (var each = 0; each < Topology.Classes; each++)
        {
            var oracle = new Oracle(topology, Policy, (RouteClass)each);
            for (var origin = 0; origin < topology.Count; origin++)
            {
                for (var destination = 0; destination < topology.Count; destination++)
                {
                    var (from, to) = (topology.Nodes[origin], topology.Nodes[destination]);
                    var (old, now) = (before.Of(from)!.To((RouteClass)each, to)[0], after.Of(from)!.To((RouteClass)each, to)[0]);
                    if (origin == destination)
                        continue;
                    var cost = oracle.Reckon(origin, old, destination);
                    var best = oracle.Best(origin, destination, [], 2);
                    if (old != now || Policy.IsWorthIt((int)cost, (int)best))
                        yield return (((RouteClass)each, from, to), old != now, RoutePolicy.IsEmergency((int)cost, (int)best), cost - best);
                }
            }
        }
    }
}
