using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing.Loads;

/// <summary>docs/policy.md, "Load": who goes another way in one computation, by what pairs bring there.</summary>
public sealed class MoveGateTests
{
    private const int Flow = 30_000;

    private static readonly LoadCurve Curve = new(0.7, 0.85, Duration.FromMilliseconds(200));

    /// <summary>Two pairs of 30 find room for 60 with a relay of 100, as what a pair sends is of all its classes together and comes there once.</summary>
    [Fact]
    public void What_a_pair_sends_counts_once_for_all_its_classes()
    {
        var topology = Edges(4, relays: 3);
        var loads = Loads(topology);
        foreach (var (from, relay, to) in (ReadOnlySpan<(int, int, int)>)[(0, 4, 2), (1, 6, 3)])
        {
            Link(topology, from, relay, to, 50_000);
            loads.Set(from, relay, Flow, Flow, 0, 0);
            loads.Set(relay, to, Flow, Flow, 0, 0);
        }

        var held = RouteComputer.Compute(topology, new(), RouteTable.Empty);
        Link(topology, 0, 5, 2, 10_000);
        Link(topology, 1, 5, 3, 10_000);
        loads.SetNode(5, 100_000);
        var next = RouteComputer.Compute(topology, new(), held);
        foreach (var service in Enum.GetValues<RouteClass>())
        {
            Assert.Equal(new Way(new(6), default), next.Of(new(1))!.To(service, new(3))[0]);
            Assert.Equal(new Way(new(6), default), next.Of(new(2))!.To(service, new(4))[0]);
        }

        Assert.Empty(next.Stays);
        Assert.All(next.Moves.GroupBy(move => move.Origin), pair => Assert.InRange(pair.Sum(move => (long)move.Rate), Flow * 0.95, Flow * 1.05));
        Assert.Equal(2, next.Moves.Count(move => move.Rate > 0));
    }

    /// <summary>Seventy pairs that gain more and find no room have looked for some in every round; one that gains less and would find it has its turn too.</summary>
    [Fact]
    public void Who_comes_after_more_pairs_than_a_round_looks_for_has_its_turn_in_a_later_one()
    {
        const int Many = 70;
        var (destination, other, last) = (Many, Many + 1, Many + 2);
        var (old, narrow, wide) = (Many + 3, Many + 4, Many + 5);
        var topology = Edges(Many + 3, relays: 3);
        var loads = Loads(topology);
        for (var from = 0; from < Many; from++)
        {
            Link(topology, from, old, destination, 100_000);
            loads.Set(from, old, Flow, Flow, 0, 0);
        }

        Link(topology, last, old, other, 100_000);
        loads.Set(last, old, Flow, Flow, 0, 0);
        loads.Set(old, destination, Many * Flow, Many * Flow, 0, 0);
        loads.Set(old, other, Flow, Flow, 0, 0);
        var table = RouteComputer.Compute(topology, new(), RouteTable.Empty);

        // The narrow relay has room by what it carries, and none for one more.
        for (var from = 0; from < Many; from++)
            Link(topology, from, narrow, destination, 10_000);
        Link(topology, last, wide, other, 50_000);
        loads.Set(narrow, destination, 60_000, 60_000, 0, 0);
        loads.SetNode(narrow, 100_000);
        loads.SetNode(wide, 1_000_000);
        var trial = new PolicyTrial(topology, new(), table, new Dictionary<NodeId, string>());
        trial.Run();
        Assert.InRange(trial.Waiting, (Many * Topology.Classes) - GraphLimits.MostSearches, Many * Topology.Classes);
        var computer = new RouteComputer();
        var rounds = 0;
        while (WayOfLast() == new Way(new((ushort)(old + 1)), default) && rounds++ < 30)
            table = computer.Run(topology, new(), table);
        Assert.Equal(new Way(new((ushort)(wide + 1)), default), WayOfLast());
        Assert.InRange(rounds, 2, 12);
        Assert.All(Enumerable.Range(1, Many), from => Assert.Equal(new Way(new((ushort)(old + 1)), default), table.Of(new((ushort)from))!.To(RouteClass.Signal, new((ushort)(destination + 1)))[0]));

        Way WayOfLast() => table.Of(new((ushort)(last + 1)))!.To(RouteClass.Signal, new((ushort)(other + 1)))[0];
    }

    /// <summary>However much is led to a place before its reports show it.</summary>
    [Fact]
    public void Sums_of_the_greatest_rates_do_not_turn_over()
    {
        var loads = new LinkLoads(3, Curve);
        loads.Set(0, 1, GraphLimits.MostRate, GraphLimits.MostRate, 1_000, 0);
        var most = 0L;
        for (var move = 0; move < 20; move++)
        {
            loads.NoteMoved([0, 2, 1], [0, 1], GraphLimits.MostRate, _ => 1);
            Assert.InRange(loads.Most(loads.LinkAt(0, 1)), Math.Max(most, GraphLimits.MostRate), int.MaxValue);
            Assert.InRange(loads.Measured(loads.LinkAt(0, 1)), GraphLimits.MostRate / 2, int.MaxValue);
            most = loads.Most(loads.LinkAt(0, 1));
        }

        for (var move = 0; move < 40; move++)
            loads.NoteMoved([0, 1], [0, 2, 1], GraphLimits.MostRate, _ => 1);
        Assert.Equal(0, loads.Least(loads.LinkAt(0, 1)));
    }

    private static Topology Edges(int edges, int relays)
    {
        var topology = new Topology([.. Enumerable.Range(1, edges + relays).Select(number => new NodeId((ushort)number))]);
        for (var relay = edges; relay < edges + relays; relay++)
            topology.Let(relay, carry: true);
        return topology;
    }

    private static LinkLoads Loads(Topology topology)
    {
        var loads = new LinkLoads(topology.Count, Curve);
        for (var node = 0; node < topology.Count; node++)
        {
            if (!topology.Carries(node))
                loads.LetEnd(node);
        }

        topology.Load(loads);
        return loads;
    }

    private static void Link(Topology topology, int from, int relay, int to, int cost)
    {
        topology.Set(from, relay, cost);
        topology.Set(relay, to, cost);
    }
}
