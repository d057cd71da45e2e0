using WeCan.Contracts.Inspection;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Core;

namespace WeCan.Controller.Tests.Service;

/// <summary>What of the routes is counted, and logged: once for each time that it changes, with nodes by number and name, and the question that tells why.</summary>
public sealed class RoutingNewsTests : RoutedParties
{
    public RoutingNewsTests() => Called = "relay";

    [Fact]
    public void Routes_that_lead_nowhere_are_told_with_what_to_ask()
    {
        Triangle();
        using var log = new LineLog();
        RoutingNews.Tell(log, Core);
        Assert.Empty(log.Lines);

        // Nothing but Bulk may go between 1 and 2, nor over 3.
        Assert.True(PolicyDocument.TryRead("""{"links":[{"from":{"node":"1"},"to":{"node":"2"},"classes":["bulk"]}],"nodes":[{"node":"3","classes":["bulk"]}]}""", out var closed, out _));
        Core.SetPolicy(Now, new(closed, 0, "ann", ""));
        Run(2);
        RoutingNews.Tell(log, Core);
        RoutingNews.Tell(log, Core);
        Assert.Matches("^2 routes lead nowhere, each class counted; one is from node 1 \\(relay-1\\) to node 2 \\(relay-2\\) for (realtime|signal)\\. They use their direct link, if it works: \"wecan route 1 2 --why --class \\1\" says why$", Assert.Single(log.Lines));

        Core.SetPolicy(Now, new(PolicyDocument.Default, 1, "ann", ""));
        Run(2);
        RoutingNews.Tell(log, Core);
        Assert.Equal("All nodes that report have routes to each other again", log.Lines.Last());
    }

    [Fact]
    public void Pairs_without_a_way_and_nodes_in_maintenance_are_counted_also_of_a_node_without_any_link()
    {
        Assert.Equal(new PairsWithoutWay(0, 0, 0), Status().WithoutWay);
        Triangle();
        Assert.Equal((new PairsWithoutWay(0, 0, 0), null, 0, 0), Told());
        Set(0, """{"links":[{"from":{"node":"1"},"to":{"node":"2"},"classes":["bulk"]},{"from":{"node":"1"},"to":{"node":"3"},"maintenance":true}],"nodes":[{"node":"3","classes":["bulk"]},{"node":"2","maintenance":true}]}""");
        Assert.Equal((new PairsWithoutWay(1, 1, 0), "1 (relay-1)-2 (relay-2)", 1, 1), Told());
        Assert.Equal([false, true, false], InspectionReports.Nodes(Core, Now).Nodes.Select(node => node.IsMaintained));

        // From 3 nothing leads to anybody, and nothing to 3: of six directions two are left.
        Set(1, "{}");
        Report(1, (2, 100));
        Report(2, (1, 100));
        Report(3);
        Run(2);
        Assert.Equal((new PairsWithoutWay(4, 4, 4), null, 0, 0), Told());
        Report(1);
        Report(2);
        Run(2);
        Assert.Equal(new PairsWithoutWay(6, 6, 6), Status().WithoutWay);

        // Who does not report any more is not counted: that it is away is told elsewhere.
        Repeat(1, 2, 3);
        Run(4);
        Repeat(1, 2);
        Run(8);
        Repeat(1, 2);
        Run(4);
        Assert.Equal(new PairsWithoutWay(2, 2, 2), Status().WithoutWay);
    }

    private void Set(long version, string text)
    {
        Assert.True(PolicyDocument.TryRead(text, out var document, out var problems), string.Join('\n', problems));
        Assert.False(Core.SetPolicy(Now, new(document, version, "ann", "")).IsConflict);
        Run(2);
    }

    private (PairsWithoutWay, string?, int, int) Told() => Status() is var status
        ? (status.WithoutWay, status.ExampleWithoutWay is { } pair ? $"{pair.From}-{pair.To}" : null, status.Maintained, status.MaintainedLinks) : default;

    private NetworkReport Status() => InspectionReports.Network(Core, Now, new("c1", "0", default, default, TimeProvider.System), LoopMode.Leads);
}
