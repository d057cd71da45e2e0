using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Tests.Core;

/// <summary>docs/control.md, "Nodes that fail", from reports to the ways that nodes hold: six nodes in one region, of which the sixth lies between all others.</summary>
public sealed class FailingNodeTests : RoutedParties
{
    private const int Nodes = 6;
    private const int Hub = 6;
    private const uint Fair = 50_000;
    private const uint Bad = 300_000;

    [Fact]
    public void A_node_that_fails_carries_nobodys_way_stays_reachable_and_comes_back()
    {
        Begin();
        Assert.All(Pairs, pair => Assert.Equal($"{Hub}", Ways(pair.One, pair.Other)[0]));

        // Even at this loss the way over the hub is by far the shortest: it is the judgement that ends it.
        SayAll(Fair);
        Run(3);
        Assert.All(Pairs, pair => Assert.Equal($"{Hub}", Ways(pair.One, pair.Other)[0]));
        SayAll(Bad);
        Run(1.4);
        Assert.All(Pairs, pair => Assert.False(IsOnWay(pair)));
        Assert.All(Enumerable.Range(1, Nodes - 1), node => Assert.True(Ways(node, Hub).Length > 0 && Ways(Hub, node).Length > 0));

        SayAll(0);
        Stay(28);
        Assert.All(Pairs, pair => Assert.False(IsOnWay(pair)));
        Stay(5);
        Assert.All(Pairs, pair => Assert.Equal($"{Hub}", Ways(pair.One, pair.Other)[0]));
    }

    /// <summary>A look at all links goes with routes that are computed, but not with each: loss is looked at once a second, a death at once.</summary>
    [Theory]
    [InlineData(false, 0.5, false)]
    [InlineData(false, 1.4, true)]
    [InlineData(true, 0.5, true)]
    public void Evidence_is_looked_at_once_a_second_and_at_once_where_a_link_dies(bool hasDied, double after, bool isOut)
    {
        Begin();

        // A look goes with the first computation after a second without one; what comes just after it waits.
        Run(2);
        SayAll(Fair);
        Run(0.3);
        SayAll(Bad);
        if (hasDied)
        {
            Parties[1].Links = [.. Parties[1].Links.Where(link => link.Peer.Value != 2)];
            Say(1);
        }

        Run(after);
        Assert.Equal(isOut, Core.Routing.Health.IsOut(new(Hub)));
    }

    private static IEnumerable<(int One, int Other)> Pairs =>
        from one in Enumerable.Range(1, Nodes - 1) from other in Enumerable.Range(1, Nodes - 1) where one != other select (one, other);

    /// <summary>Nodes go on saying that nothing has changed.</summary>
    private void Stay(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Repeat([.. Enumerable.Range(1, Nodes)]);
            Run(1);
        }
    }

    private bool IsOnWay((int One, int Other) pair) => Ways(pair.One, pair.Other).Any(way => way.Contains($"{Hub}", StringComparison.Ordinal));

    private void Begin()
    {
        Join([.. Enumerable.Range(1, Nodes)]);
        SayAll(0);
        Run(1.2);
    }

    /// <summary>All nodes report all links; those of the hub are short, and lose so much.</summary>
    private void SayAll(uint loss)
    {
        for (var node = 1; node <= Nodes; node++)
        {
            Parties[node].Links = [.. Enumerable.Range(1, Nodes).Where(peer => peer != node).Select(peer =>
                node == Hub || peer == Hub ? Link(peer, 20) with { LossTo = loss, LossFrom = loss } : Link(peer, 400))];
            Say(node);
        }
    }
}
