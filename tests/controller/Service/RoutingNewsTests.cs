using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Service;
using WeCan.Controller.Tests.Core;

namespace WeCan.Controller.Tests.Service;

/// <summary>What of the routes is logged: once for each time that it changes, with nodes by number and name, and the question that tells why.</summary>
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
}
