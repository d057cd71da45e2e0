using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Admin;
using WeCan.Controller.Core;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Core;

/// <summary>docs/control.md, "Link reports" and "Routes": when what is reported counts, when routes are computed, and how they come to nodes.</summary>
public sealed class RoutingTests : RoutedParties
{
    [Fact]
    public void Routes_follow_reports_and_a_link_that_dies_changes_them_at_once()
    {
        Triangle();
        Assert.Equal(["3", "-"], Ways(1, 2));
        Assert.Equal(["-", "2"], Ways(1, 3));

        Report(1, (2, 100));
        Run(0.1);
        Assert.Equal(["-"], Ways(1, 2));
        Assert.Equal(["2"], Ways(1, 3));
        Assert.Equal(["2"], Ways(3, 1));
    }

    [Fact]
    public void A_class_has_ways_of_its_own_where_they_differ()
    {
        Triangle();
        Assert.Equal(3, Parties[1].Routes.Routes.Count + 1);

        // What shakes is left by Realtime alone, and taken back.
        Parties[1].Links = [Link(2, 100), Link(3, 20) with { Jitter = Duration.FromMilliseconds(40) }];
        Say(1);
        Run(1.2);
        Assert.Equal(["3", "-"], Ways(1, 2));
        Assert.Equal(["-", "3"], Ways(1, new RouteKey(new(2), RouteClass.Realtime)));
        Assert.Empty(Ways(1, new RouteKey(new(2), RouteClass.Bulk)));
        Report(1, (2, 100), (3, 20));
        Run(1.2);
        Assert.Empty(Ways(1, new RouteKey(new(2), RouteClass.Realtime)));
        Assert.Equal(2, Parties[1].Routes.Routes.Count);
    }

    [Fact]
    public void A_better_way_is_found_within_half_a_second_and_one_that_took_long_to_compute_is_followed_by_a_rest()
    {
        Triangle();
        Report(1, (2, 10), (3, 20));
        Report(2, (1, 10), (3, 20));
        Run(0.5);
        Assert.Equal(["-", "3"], Ways(1, 2));

        Run(1);
        Report(1, (2, 100), (3, 20));
        Seconds += ControllerLimits.RouteInterval.Seconds;
        MoveUp();
        var work = Core.TakeRouteWork(Now)!;
        Seconds += 0.15;
        Core.FinishRoutes(Now, work.Run());
        Report(2, (1, 100), (3, 20));
        MoveUp();
        Seconds += 0.15 * (ControllerLimits.RouteRests - 1) - 0.01;
        Assert.Null(Core.TakeRouteWork(Now));
        Seconds += 0.02;
        Assert.NotNull(Core.TakeRouteWork(Now));
    }

    [Fact]
    public void Another_policy_counts_at_once()
    {
        Triangle();
        Assert.Equal(["3", "-"], Ways(1, 2));
        Assert.True(PolicyDocument.TryRead("""{ "relay_time": "90ms" }""", out var policy, out _));
        Core.Routing.SetPolicy(policy);
        Run(0.1);
        Assert.Equal(["-", "3"], Ways(1, 2));
        Assert.Same(policy, Core.Routing.Document);
    }

    [Fact]
    public void A_link_that_one_end_denies_is_none_and_one_of_which_an_end_is_away_is_what_the_other_says()
    {
        Triangle();
        Report(3, (2, 20));
        Run(1.1);
        Assert.Equal(["-"], Ways(1, 2));

        Report(3, (1, 20), (2, 20));
        Run(1.1);
        Assert.Equal(["3", "-"], Ways(1, 2));
        Cut(3);
        for (var i = 0; i < 30; i++)
        {
            Repeat(1, 2);
            Run(1);
        }

        Assert.Equal(["3", "-"], Ways(1, 2));
    }

    [Fact]
    public void Who_is_silent_for_long_does_not_count_any_more()
    {
        Triangle();
        Cut(1);
        Cut(2);
        for (var i = 0; i < 7; i++)
        {
            Repeat(3);
            Run(1);
        }

        Assert.NotEmpty(Core.Routing.Table.Of(new(3))!.Since(NodeRoutes.None));
        Assert.Equal(LinkState.Proven, Core.Routing.Links.StateOf(Now.Mono, new(1), new(2)));
        Repeat(3);
        Run(3);
        Assert.Equal(LinkState.Gone, Core.Routing.Links.StateOf(Now.Mono, new(1), new(2)));
        Assert.Equal(LinkState.Proven, Core.Routing.Links.StateOf(Now.Mono, new(1), new(3)));
    }

    [Fact]
    public void A_node_that_drains_carries_nobody_elses_traffic_at_once()
    {
        Triangle();
        Parties[3].Node.SetDraining(true);
        Run(0.1);
        Assert.Equal(["-"], Ways(1, 2));
        Assert.Equal(["-", "2"], Ways(1, 3));
        Parties[3].Node.SetDraining(false);
        Run(0.1);
        Assert.Equal(["3", "-"], Ways(1, 2));
    }

    [Fact]
    public void Who_is_no_member_any_more_is_on_no_way()
    {
        Triangle();
        Assert.True(Core.Revoke(Now, new(3)));
        Run(0.1);
        Assert.Equal(["-"], Ways(1, 2));
        Assert.Empty(Ways(1, 3));
        Assert.Null(Core.Routing.Table.Of(new(3)));
    }

    [Fact]
    public void A_controller_that_starts_waits_for_those_that_it_knows_but_not_for_ever()
    {
        Join(1, 2, 3);
        Report(1, (2, 100), (3, 20));
        Report(2, (1, 100), (3, 20));
        for (var i = 0; i < ControllerLimits.RouteSettle.Seconds - 1; i++)
        {
            Repeat(1, 2);
            Run(1);
        }

        Assert.Empty(Ways(1, 2));
        Run(2);
        Assert.Equal(["3", "-"], Ways(1, 2));
    }

    [Fact]
    public void A_controller_that_loses_most_nodes_at_once_changes_nothing_for_a_while()
    {
        Join(1, 2, 3, 4, 5);
        foreach (var node in (int[])[1, 2, 3, 4, 5])
            Report(node, [.. Enumerable.Range(1, 5).Where(peer => peer != node).Select(peer => (peer, peer == 5 || node == 5 ? 20 : 100))]);
        Run(1.2);
        Assert.Equal("5", Ways(1, 2)[0]);
        var before = Core.Routing.Table;
        foreach (var node in (int[])[2, 3, 4, 5])
            Cut(node);
        for (var i = 0; i < 25; i++)
        {
            Report(1, [(2, 100), (3, 100), (4, 100 + (i % 2)), (5, 20)]);
            Run(1);
        }

        Assert.Same(before, Core.Routing.Table);
        for (var i = 0; i < 10; i++)
        {
            Report(1, [(2, 100), (3, 100), (4, 300 + (i % 2)), (5, 20)]);
            Run(1);
        }

        Assert.Equal("-", Ways(1, 2)[0]);
    }

    [Fact]
    public void Small_changes_change_no_version_and_nothing_is_sent()
    {
        Triangle();
        var (versions, frames) = (Parties[1].Routes.Version, Parties[1].Node.Counters.FramesIn);
        for (var i = 0; i < 10; i++)
        {
            Report(1, (2, 100 + (i % 2)), (3, 20));
            Run(1);
        }

        Assert.Equal(versions, Parties[1].Routes.Version);
        Assert.InRange(Parties[1].Node.Counters.FramesIn - frames, 0, 3);
        Assert.True(Core.Routing.Counters.Computations > 5);
    }

    [Fact]
    public void A_node_that_comes_back_with_the_same_routes_is_not_sent_them_again()
    {
        Triangle();
        var (held, bytes) = (Parties[1].Routes.Version, Parties[1].Node.Counters.BytesIn);
        Connect(1, Parties[1].Routes);
        Report(1, (2, 100), (3, 20));
        Run(1.5);
        Assert.Equal((held, 0L), (Parties[1].Routes.Version, Parties[1].Node.Counters.Resyncs));
        Connect(1, new());
        Report(1, (2, 100), (3, 20));
        Run(1.5);
        Assert.Equal(held, Parties[1].Routes.Version);
        Assert.True(bytes > 0);
    }

    [Fact]
    public void What_does_not_follow_is_not_applied_and_all_is_sent_again()
    {
        Triangle();
        var party = Parties[1];
        var held = party.Routes.Version;
        party.Node.HandleBytes(Now.Mono, new RoutesMessage(held with { Number = 99 }, new(100, 1), 0, IsLast: true, [new(new(2), [[new(9)]])]).ToFrame());
        Assert.Equal(held, party.Routes.Version);
        Run(0.1);
        Assert.Equal((1L, 1L), (party.Node.Counters.Resyncs, party.Session.Counters.Resyncs));
        Run(2);
        Report(1, (2, 100));
        Run(2);
        Assert.Equal(Core.Routing.Table.Of(new(1))!.Version, party.Routes.Version);
        Assert.Equal(["-"], Ways(1, 2));
    }

    [Fact]
    public void Who_reports_without_end_is_told_to_go()
    {
        Triangle();
        for (var i = 0; i <= ControlLimits.MaxReportsPerSecond; i++)
            Core.HandleBytes(Now, Parties[1].Session, new LinkReportsMessage(false, true, []).ToFrame());
        Assert.Equal(GoodbyeReason.TooMuch, Parties[1].Session.End!.Reason);
    }

    [Fact]
    public void Reports_of_strangers_of_oneself_and_of_what_was_never_measured_make_no_link()
    {
        Join(1, 2);
        Core.HandleBytes(Now, Parties[1].Session, new LinkReportsMessage(true, true, [Link(1, 5), Link(9, 5), Link(2, 0)]).ToFrame());
        Report(2, (1, 50));
        Run(1.5);
        Assert.Equal(0, Core.Routing.Table.Nodes);
        Assert.Equal(3, Core.Routing.Counters.LinksRefused);
    }

    [Fact]
    public void A_loss_below_zero_is_no_report_and_what_was_said_an_hour_ago_counts_no_more()
    {
        Triangle();
        var frame = new LinkReportsMessage(false, true, [Link(2, 5) with { LossTo = 0x55 }]).ToFrame().ToArray();

        // In MessagePack 0x55 is 85, and 0xE5 is -27.
        frame[Array.LastIndexOf(frame, (byte)0x55)] = 0xE5;
        Core.HandleBytes(Now, Parties[1].Session, frame);
        Assert.Equal(GoodbyeReason.Malformed, Parties[1].Session.End!.Reason);

        foreach (var node in (int[])[1, 2, 3])
            Cut(node);
        Seconds += 3_600;
        Connect(1, new());
        Report(1, (3, 20));
        Run(0.2);
        Assert.Equal(LinkState.Gone, Core.Routing.Links.StateOf(Now.Mono, new(2), new(3)));
        Assert.Equal(LinkState.Proven, Core.Routing.Links.StateOf(Now.Mono, new(1), new(3)));
    }

    [Fact]
    public void People_are_told_what_was_chosen_and_why()
    {
        Triangle();
        Assert.Equal(
            $"""
            From 1 to 2, {Parties[1].Routes.Version}
            rank  takes now  way
               0    20.1 ms  by 3    The quickest: the direct link takes 29.9 ms more.
               1    50.0 ms  direct  A backup: the best that shares no relay with those above.
            Another way takes its place when it needs at most 16.1 ms.
            It is left when it needs 62.5 ms or more and the others stay as they are.
            When a link of it dies, the nodes on it go around by themselves, first on the direct link.
            """,
            Show("1", "2"));
        Assert.Contains("direct  The quickest", Show("1", "3"), StringComparison.Ordinal);

        // What one end says alone does not make a link better.
        Report(1, (2, 39), (3, 20));
        Run(1.2);
        Assert.Contains("The quickest: the direct link takes 29.9 ms more.", Show("1", "2"), StringComparison.Ordinal);
        Report(2, (1, 39), (3, 20));
        Run(1.2);
        Assert.Contains("Kept: the best other way would save 0.6 ms", Show("1", "2"), StringComparison.Ordinal);
        Assert.Equal("There is no node \"9\": \"wecan-controller node list\" shows them.", Show("1", "9"));
        Assert.Equal("These two are the same node: name another one.", Show("1", "1"));

        Seconds += 3_600;
        Report(2, (1, 39));
        Run(1.2);
        Assert.Contains("\nNode 1 does not report its links: it goes on by the ways that it was last told.", Show("1", "3"), StringComparison.Ordinal);
        Assert.Contains("\nNode 3 does not report its links: what its peers say of them counts.", Show("2", "3"), StringComparison.Ordinal);
    }

    private string Show(string from, string to) =>
        new RouteTexts(Core, Now).Look(from, to, out var problem) is { } look ? RouteTexts.Show(new RouteExplainer(look).Explain()).ReplaceLineEndings() : problem;

    [Fact]
    public void People_are_shown_links_by_both_ends()
    {
        Triangle();
        Report(1, (2, 100));
        Assert.Equal(
            """
            from  to  state        rtt  jitter  loss to  loss from        sent  carries
            1     2   good    100.0 ms  0.0 ms      0 %        0 %  0.0 Mbit/s        -
            2     1   good    100.0 ms  0.0 ms      0 %        0 %  0.0 Mbit/s        -
            2     3   good     20.0 ms  0.0 ms      0 %        0 %  0.0 Mbit/s        -
            3     1   denied   20.0 ms  0.0 ms      0 %        0 %  0.0 Mbit/s        -
            3     2   good     20.0 ms  0.0 ms      0 %        0 %  0.0 Mbit/s        -
            """,
            new RouteTexts(Core, Now).Links("").Text.ReplaceLineEndings());
        Assert.Equal(2, new RouteTexts(Core, Now).Links("1").Text.ReplaceLineEndings().Split('\n').Length);
        Assert.False(new RouteTexts(Core, Now).Links("9").IsDone);
    }
}
