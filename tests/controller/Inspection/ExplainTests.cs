using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Inspection;

/// <summary>What is said of a pair's ways, on a network that is small enough to reckon by hand: costs in milliseconds, and 0.1 for each relay.</summary>
public sealed class ExplainTests
{
    private static readonly NodeId[] Nodes = [.. Enumerable.Range(1, 5).Select(number => new NodeId((ushort)number))];

    [Fact]
    public void What_was_chosen_and_what_not_is_told_with_what_it_takes()
    {
        // 1 to 2: direct 100; by 3: 40; by 4: 60; by 3 and 5: 35, as 5 is near 2.
        var report = Explain([[3], [4], []]);
        Assert.Equal([(0, "3", 40.1), (1, "4", 60.1), (2, "direct", 100)], report.Ways.Select(way => (way.Rank!.Value, Path(way), way.CostMs!.Value)));
        Assert.Equal("Kept: the best other way would save 4.9 ms, and 6.0 ms is asked, so that routes do not sway.", report.Ways[0].Why);
        Assert.Equal([(1, 3, 20.0), (3, 2, 20.0)], report.Ways[0].Hops.Select(hop => (hop.From, hop.To, hop.CostMs!.Value)));
        Assert.Equal(("3 5", 35.2), (Path(report.Others[0]), report.Others[0].CostMs!.Value));
        Assert.StartsWith("It would save 4.9 ms", report.Others[0].Why, StringComparison.Ordinal);
        Assert.Contains(report.Remarks, remark => remark == "Another way takes its place when it needs at most 34.1 ms.");
        Assert.Contains(report.Remarks, remark => remark == "When a link of it dies, the nodes on it go around by themselves, first by 4.");
        Assert.Equal(1_000, report.Since!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void The_quickest_is_told_as_such_and_one_that_died_too()
    {
        var report = Explain([[3, 5], [4], []]);
        Assert.Equal("The quickest: the direct link takes 64.8 ms more.", report.Ways[0].Why);
        Assert.Equal(("3", "It takes 4.9 ms more than the first."), (Path(report.Others[0]), report.Others[0].Why));

        var dead = Explain([[2]]);
        Assert.Null(dead.Ways[0].CostMs);
        Assert.StartsWith("It cannot be used any more", dead.Ways[0].Why, StringComparison.Ordinal);

        Assert.Contains("There is no way that was chosen: the next computation", Explain([]).Remarks.Single(), StringComparison.Ordinal);
        Assert.Equal("Node 2 is silent.", new RouteExplainer(Look([]) with { Topology = Topology.Empty, Trouble = "Node 2 is silent." }).Explain().Remarks.Single());
    }

    [Fact]
    public void What_would_be_chosen_leaves_out_what_is_thought_away()
    {
        var explainer = new RouteExplainer(Look([[3, 5], [4], []]));
        Assert.Equal("3 5 | 4 | direct", string.Join(" | ", explainer.WhatIf([], []).Ways.Select(Path)));
        var withoutThree = explainer.WhatIf([new(3)], []);
        Assert.Equal("3", withoutThree.Without.Single());
        Assert.Equal("4 | direct", string.Join(" | ", withoutThree.Ways.Select(Path)));
        Assert.Equal("The quickest then, 24.9 ms more than now.", withoutThree.Ways[0].Why);
        Assert.Equal("3 | 4 | direct", string.Join(" | ", explainer.WhatIf([], [(new(5), new(2))]).Ways.Select(Path)));
        Assert.Equal("3 | direct", string.Join(" | ", explainer.WhatIf([new(5), new(4)], []).Ways.Select(Path)));
        Assert.Contains("so nothing leads there", explainer.WhatIf([new(1)], []).Remarks.Single(), StringComparison.Ordinal);
        Assert.Contains("Nothing would lead there", explainer.WhatIf([new(3), new(4)], [(new(2), new(1))]).Remarks.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Since_when_is_remembered_for_each_pair_that_changed()
    {
        var history = new RouteHistory();
        Assert.Null(history.SinceOf(Nodes[0], Nodes[1]));
        var topology = Network();
        var computer = new RouteComputer();
        var before = computer.Run(topology, Policy, RouteTable.Empty);
        history.Look(new(10), before, Nodes);
        Assert.Equal(new UnixTime(10), history.SinceOf(Nodes[0], Nodes[1]));
        var after = computer.Run(Network(direct: 5), Policy, before);
        Assert.True(history.Look(new(20), after, Nodes) > 0);
        Assert.Equal(new UnixTime(20), history.SinceOf(Nodes[0], Nodes[1]));
        Assert.Equal(new UnixTime(10), history.SinceOf(Nodes[2], Nodes[4]));
        Assert.Equal(0, history.Look(new(30), after, Nodes));
    }

    private static RoutePolicy Policy { get; } = new() { RelayTime = Duration.FromMicroseconds(100), LeastGain = 0.15, LeastGainTime = Duration.FromMilliseconds(1) };

    private static RouteReport Explain(int[][] held) => new RouteExplainer(Look(held)).Explain();

    private static RouteLook Look(int[][] held) => new()
    {
        From = new(1),
        To = new(2),
        Service = RouteClass.Signal,
        Detour = null,
        Topology = Network(),
        Policy = Policy,
        Held = [.. held.Select(relays => relays.Select(relay => new NodeId((ushort)relay)).ToArray())],
        Version = "r1",
        Since = new(1_000),
        Names = new Dictionary<NodeId, string>(),
        Trouble = "",
    };

    private static Topology Network(int direct = 100)
    {
        var topology = new Topology(Nodes);
        for (var node = 2; node < 5; node++)
            topology.Let(node, carry: true);
        foreach (var (one, other, cost) in (ReadOnlySpan<(int, int, int)>)[(1, 2, direct), (1, 3, 20), (3, 2, 20), (1, 4, 30), (4, 2, 30), (3, 5, 10), (5, 2, 5)])
        {
            topology.Set(one - 1, other - 1, cost * 1_000);
            topology.Set(other - 1, one - 1, cost * 1_000);
        }

        return topology;
    }

    private static string Path(WayEntry way) => way.Relays.Count == 0 ? "direct" : string.Join(' ', way.Relays.Select(relay => relay.Number));
}
