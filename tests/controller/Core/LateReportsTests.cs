using WeCan.Contracts;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Core;

/// <summary>docs/control.md, "Link reports": where load counts a node is asked how late its reports are.</summary>
public sealed class LateReportsTests : RoutedParties
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_node_is_asked_with_its_reports_where_load_counts(bool countsLoad)
    {
        if (countsLoad)
        {
            Core.SetPolicy(Now, new(PolicyDocument.Default with { Load = new() { Measured = true } }, 0, "ann", ""));
            Core.TakeTransaction();
        }

        Triangle();
        Say(1);
        var (node, session) = (Parties[1].Node, Parties[1].Session);
        var asked = Carry(node, session);
        Assert.Equal(countsLoad, asked);

        // The answer waits behind nothing but what the node said before.
        Seconds += 2;
        while (node.TryPollFrame(out var frame))
            Core.HandleBytes(Now, session, frame.Span);
        Assert.Equal(countsLoad ? Duration.FromSeconds(2) : Duration.Zero, session.RoundTripAt(Now.Mono));
        Say(1);
        Assert.Equal(countsLoad ? Duration.FromSeconds(2) : Duration.Zero, Core.Routing.Links.Reporters[new(1)].RoundTrip);
        Assert.False(Carry(node, session));
    }

    /// <summary>What the controller has to say goes to the node. True where that has something to answer.</summary>
    private bool Carry(NodeSession node, ControllerSession session)
    {
        var before = session.Counters.FramesOut;
        while (Core.TryPollFrame(Now, session, out var frame))
            node.HandleBytes(Now.Mono, frame.Span);
        return session.Counters.FramesOut > before;
    }
}
