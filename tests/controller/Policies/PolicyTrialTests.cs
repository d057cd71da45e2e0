using WeCan.Contracts;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Policies;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Policies;

/// <summary>What a policy would do to the routes, on a network that is small enough to reckon by hand.</summary>
public sealed class PolicyTrialTests
{
    private static readonly NodeId[] Nodes = [new(1), new(2), new(3)];
    private static readonly Dictionary<NodeId, string> Names = new() { [new(3)] = "relay-c" };

    [Fact]
    public void Pairs_whose_first_way_would_be_another_are_counted_and_some_are_told()
    {
        // From 1 to 2 it takes 30 ms straight, and 20 ms by 3: unless passing a relay takes 50 ms.
        var topology = Network(30);
        var now = RouteComputer.Compute(topology, new() { RelayTime = Duration.FromMicroseconds(100) }, RouteTable.Empty);
        var same = new PolicyTrial(topology, new() { RelayTime = Duration.FromMicroseconds(100) }, now, Names);
        same.Run();
        Assert.Equal(6, same.Pairs);
        Assert.All(same.Classes, service => Assert.Equal((0, 0, 0), (service.Changed, service.Lost, service.Gained)));
        Assert.Empty(same.Examples);

        var slow = new PolicyTrial(topology, new() { RelayTime = Duration.FromMilliseconds(50) }, now, Names);
        slow.Run();
        Assert.Equal(["realtime 2 0 0", "signal 2 0 0", "bulk 2 0 0"], slow.Classes.Select(service => $"{service.Class} {service.Changed} {service.Lost} {service.Gained}"), StringComparer.Ordinal);
        Assert.Equal(6, slow.Examples.Count);
        var first = slow.Examples[0];
        Assert.Equal(("realtime", 1, 2, "relay-c", 0), (first.Class, first.From.Number, first.To.Number, first.Before!.Single().Name, first.After!.Count));
    }

    [Fact]
    public void Pairs_that_would_lose_every_way_are_told_first()
    {
        var now = RouteComputer.Compute(Network(30), new(), RouteTable.Empty);

        // Nothing but the way by 3, which carries nothing any more; and the way from 2 to 3 is another.
        var cut = new Topology(Nodes);
        Set(cut, 1, 3, 10);
        Set(cut, 2, 3, 10);
        var trial = new PolicyTrial(cut, new(), now, Names);
        trial.Run();
        Assert.All(trial.Classes, service => Assert.Equal((2, 2, 0), (service.Changed, service.Lost, service.Gained)));
        Assert.All(trial.Examples, pair => Assert.Null(pair.After));
        Assert.Equal((2, 0), (trial.Lost, trial.Alone));

        var back = new PolicyTrial(Network(30), new(), RouteComputer.Compute(cut, new(), RouteTable.Empty), Names);
        back.Run();
        Assert.All(back.Classes, service => Assert.Equal((2, 0, 2), (service.Changed, service.Lost, service.Gained)));
    }

    [Fact]
    public void Pairs_that_keep_one_way_alone_are_counted_once_for_all_classes_and_not_with_those_that_lose_all()
    {
        var now = RouteComputer.Compute(Network(30), new(), RouteTable.Empty);
        var bare = new Topology(Nodes);
        Set(bare, 1, 2, 30);
        Set(bare, 1, 3, 10);
        Set(bare, 2, 3, 10);
        var trial = new PolicyTrial(bare, new(), now, Names);
        trial.Run();
        Assert.All(trial.Classes, service => Assert.Equal((2, 0, 2), (service.Changed, service.Lost, service.Alone)));
        Assert.Equal((0, 2), (trial.Lost, trial.Alone));

        // The direct link is closed to Bulk: for that the two have no way, for the others one.
        var closed = new PolicyTrial(bare.With(0, 1, 30_000, 30_000, Topology.Unreachable), new(), now, Names);
        closed.Run();
        Assert.Equal(["realtime 0 2", "signal 0 2", "bulk 1 1"], closed.Classes.Select(service => $"{service.Class} {service.Lost} {service.Alone}"), StringComparer.Ordinal);
        Assert.Equal((1, 1), (closed.Lost, closed.Alone));
        Assert.Equal(("bulk", 1, 2, null), closed.Examples[0] is var first ? (first.Class, first.From.Number, first.To.Number, first.After) : default);
    }

    [Fact]
    public void Before_there_are_routes_nothing_can_be_told()
    {
        var trial = new PolicyTrial(Network(30), new(), RouteTable.Empty, Names);
        trial.Run();
        Assert.Equal((0, 0, 0), (trial.Pairs, trial.Classes.Count, trial.Examples.Count));
    }

    private static Topology Network(int direct)
    {
        var topology = new Topology(Nodes);
        topology.Let(2, carry: true);
        Set(topology, 1, 2, direct);
        Set(topology, 1, 3, 10);
        Set(topology, 2, 3, 10);
        return topology;
    }

    private static void Set(Topology topology, int one, int other, int milliseconds)
    {
        topology.Set(one - 1, other - 1, milliseconds * 1_000);
        topology.Set(other - 1, one - 1, milliseconds * 1_000);
    }
}
