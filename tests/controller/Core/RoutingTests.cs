using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Messages;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Control.Sessions;
using WeCan.Controller.Admin;
using WeCan.Controller.Core;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Sessions;

namespace WeCan.Controller.Tests.Core;

/// <summary>docs/control.md, "Link reports" and "Routes": when what is reported counts, when routes are computed, and how they come to nodes.</summary>
public sealed class RoutingTests
{
    private readonly ControllerCore _core = Samples.Core();
    private readonly Dictionary<int, Party> _parties = [];
    private double _seconds;

    private ControllerTime Now => Samples.At(_seconds);

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
        Assert.Equal(3, _parties[1].Routes.Routes.Count + 1);

        // What shakes is left by Realtime alone, and taken back.
        _parties[1].Links = [Link(2, 100), Link(3, 20) with { Jitter = Duration.FromMilliseconds(40) }];
        Say(1);
        Run(1.2);
        Assert.Equal(["3", "-"], Ways(1, 2));
        Assert.Equal(["-", "3"], Ways(1, new RouteKey(new(2), RouteClass.Realtime)));
        Assert.Empty(Ways(1, new RouteKey(new(2), RouteClass.Bulk)));
        Report(1, (2, 100), (3, 20));
        Run(1.2);
        Assert.Empty(Ways(1, new RouteKey(new(2), RouteClass.Realtime)));
        Assert.Equal(2, _parties[1].Routes.Routes.Count);
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
        _seconds += ControllerLimits.RouteInterval.Seconds;
        MoveUp();
        var work = _core.TakeRouteWork(Now)!;
        _seconds += 0.15;
        _core.FinishRoutes(Now, work.Run());
        Report(2, (1, 100), (3, 20));
        MoveUp();
        _seconds += 0.15 * (ControllerLimits.RouteRests - 1) - 0.01;
        Assert.Null(_core.TakeRouteWork(Now));
        _seconds += 0.02;
        Assert.NotNull(_core.TakeRouteWork(Now));
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

        Assert.NotEmpty(_core.Routing.Table.Of(new(3))!.Since(NodeRoutes.None));
        Assert.Equal(LinkState.Proven, _core.Routing.Links.StateOf(Now.Mono, new(1), new(2)));
        Repeat(3);
        Run(3);
        Assert.Equal(LinkState.Gone, _core.Routing.Links.StateOf(Now.Mono, new(1), new(2)));
        Assert.Equal(LinkState.Proven, _core.Routing.Links.StateOf(Now.Mono, new(1), new(3)));
    }

    [Fact]
    public void A_node_that_drains_carries_nobody_elses_traffic_at_once()
    {
        Triangle();
        _parties[3].Node.SetDraining(true);
        Run(0.1);
        Assert.Equal(["-"], Ways(1, 2));
        Assert.Equal(["-", "2"], Ways(1, 3));
        _parties[3].Node.SetDraining(false);
        Run(0.1);
        Assert.Equal(["3", "-"], Ways(1, 2));
    }

    [Fact]
    public void Who_is_no_member_any_more_is_on_no_way()
    {
        Triangle();
        Assert.True(_core.Revoke(Now, new(3)));
        Run(0.1);
        Assert.Equal(["-"], Ways(1, 2));
        Assert.Empty(Ways(1, 3));
        Assert.Null(_core.Routing.Table.Of(new(3)));
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
        var before = _core.Routing.Table;
        foreach (var node in (int[])[2, 3, 4, 5])
            Cut(node);
        for (var i = 0; i < 25; i++)
        {
            Report(1, [(2, 100), (3, 100), (4, 100 + (i % 2)), (5, 20)]);
            Run(1);
        }

        Assert.Same(before, _core.Routing.Table);
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
        var (versions, frames) = (_parties[1].Routes.Version, _parties[1].Node.Counters.FramesIn);
        for (var i = 0; i < 10; i++)
        {
            Report(1, (2, 100 + (i % 2)), (3, 20));
            Run(1);
        }

        Assert.Equal(versions, _parties[1].Routes.Version);
        Assert.InRange(_parties[1].Node.Counters.FramesIn - frames, 0, 3);
        Assert.True(_core.Routing.Counters.Computations > 5);
    }

    [Fact]
    public void A_node_that_comes_back_with_the_same_routes_is_not_sent_them_again()
    {
        Triangle();
        var (held, bytes) = (_parties[1].Routes.Version, _parties[1].Node.Counters.BytesIn);
        Connect(1, _parties[1].Routes);
        Report(1, (2, 100), (3, 20));
        Run(1.5);
        Assert.Equal((held, 0L), (_parties[1].Routes.Version, _parties[1].Node.Counters.Resyncs));
        Connect(1, new());
        Report(1, (2, 100), (3, 20));
        Run(1.5);
        Assert.Equal(held, _parties[1].Routes.Version);
        Assert.True(bytes > 0);
    }

    [Fact]
    public void What_does_not_follow_is_not_applied_and_all_is_sent_again()
    {
        Triangle();
        var party = _parties[1];
        var held = party.Routes.Version;
        party.Node.HandleBytes(Now.Mono, new RoutesMessage(held with { Number = 99 }, new(100, 1), 0, IsLast: true, [new(new(2), [[new(9)]])]).ToFrame());
        Assert.Equal(held, party.Routes.Version);
        Run(0.1);
        Assert.Equal((1L, 1L), (party.Node.Counters.Resyncs, party.Session.Counters.Resyncs));
        Run(2);
        Report(1, (2, 100));
        Run(2);
        Assert.Equal(_core.Routing.Table.Of(new(1))!.Version, party.Routes.Version);
        Assert.Equal(["-"], Ways(1, 2));
    }

    [Fact]
    public void Who_reports_without_end_is_told_to_go()
    {
        Triangle();
        for (var i = 0; i <= ControlLimits.MaxReportsPerSecond; i++)
            _core.HandleBytes(Now, _parties[1].Session, new LinkReportsMessage(false, true, []).ToFrame());
        Assert.Equal(GoodbyeReason.TooMuch, _parties[1].Session.End!.Reason);
    }

    [Fact]
    public void Reports_of_strangers_of_oneself_and_of_what_was_never_measured_make_no_link()
    {
        Join(1, 2);
        _core.HandleBytes(Now, _parties[1].Session, new LinkReportsMessage(true, true, [Link(1, 5), Link(9, 5), Link(2, 0)]).ToFrame());
        Report(2, (1, 50));
        Run(1.5);
        Assert.Equal(0, _core.Routing.Table.Nodes);
        Assert.Equal(3, _core.Routing.Counters.LinksRefused);
    }

    [Fact]
    public void A_loss_below_zero_is_no_report_and_what_was_said_an_hour_ago_counts_no_more()
    {
        Triangle();
        var frame = new LinkReportsMessage(false, true, [Link(2, 5) with { LossTo = 0x55 }]).ToFrame().ToArray();

        // In MessagePack 0x55 is 85, and 0xE5 is -27.
        frame[Array.LastIndexOf(frame, (byte)0x55)] = 0xE5;
        _core.HandleBytes(Now, _parties[1].Session, frame);
        Assert.Equal(GoodbyeReason.Malformed, _parties[1].Session.End!.Reason);

        foreach (var node in (int[])[1, 2, 3])
            Cut(node);
        _seconds += 3_600;
        Connect(1, new());
        Report(1, (3, 20));
        Run(0.2);
        Assert.Equal(LinkState.Gone, _core.Routing.Links.StateOf(Now.Mono, new(2), new(3)));
        Assert.Equal(LinkState.Proven, _core.Routing.Links.StateOf(Now.Mono, new(1), new(3)));
    }

    [Fact]
    public void People_are_told_what_was_chosen_and_why()
    {
        Triangle();
        Assert.Equal(
            $"""
            From 1 to 2, {_parties[1].Routes.Version}
            rank  takes now   way
               0    20.1 ms   by 3: the shortest, the direct link takes 50.0 ms
               1    50.0 ms   direct: shares no relay with those above
            """,
            new RouteTexts(_core, Now).Show("1", "2").Text.ReplaceLineEndings());
        Assert.Contains("direct: the shortest", new RouteTexts(_core, Now).Show("1", "3").Text, StringComparison.Ordinal);

        Report(1, (2, 39), (3, 20));
        Run(1.2);
        Assert.Contains("by 3: kept, as the shortest would save 0.6 ms", new RouteTexts(_core, Now).Show("1", "2").Text, StringComparison.Ordinal);
        Assert.Equal(new AdminAnswer(false, "There is no node \"9\": \"wecan-controller node list\" shows them."), new RouteTexts(_core, Now).Show("1", "9"));
    }

    [Fact]
    public void People_are_shown_links_by_both_ends()
    {
        Triangle();
        Report(1, (2, 100));
        Assert.Equal(
            """
              node    peer  state    round trip   jitter  loss to  loss from      sent  carries
                 1       2  good       100.0 ms   0.0 ms   0.00 %     0.00 %     0.0 M    0.0 M
                 2       1  good       100.0 ms   0.0 ms   0.00 %     0.00 %     0.0 M    0.0 M
                 2       3  good        20.0 ms   0.0 ms   0.00 %     0.00 %     0.0 M    0.0 M
                 3       1  denied      20.0 ms   0.0 ms   0.00 %     0.00 %     0.0 M    0.0 M
                 3       2  good        20.0 ms   0.0 ms   0.00 %     0.00 %     0.0 M    0.0 M
            """,
            new RouteTexts(_core, Now).Links("").Text.ReplaceLineEndings());
        Assert.Equal(2, new RouteTexts(_core, Now).Links("1").Text.ReplaceLineEndings().Split('\n').Length);
        Assert.False(new RouteTexts(_core, Now).Links("9").IsDone);
    }

    /// <summary>Three nodes of which 1 and 2 lie far from each other, and 3 in between.</summary>
    private void Triangle()
    {
        Join(1, 2, 3);
        Report(1, (2, 100), (3, 20));
        Report(2, (1, 100), (3, 20));
        Report(3, (1, 20), (2, 20));
        Run(1.2);
    }

    private void Join(params int[] nodes)
    {
        Assert.Null(_core.CreateToken(Now, new() { Role = NodeRole.Relay, Uses = 100 }, 1, Samples.SecretHash(1)));
        foreach (var node in nodes)
            Assert.Equal(new NodeId((ushort)node), _core.Enrol(Now, Samples.Order(1, (ulong)node)).Member!.Number);
        _core.TakeTransaction();
        foreach (var node in nodes)
            Connect(node, new());
        Run(0.1);
    }

    private void Connect(int node, RouteReplica routes)
    {
        Cut(node);
        var options = new NodeSessionOptions { Role = NodeRole.Relay, Epoch = new(1), Addresses = [NetAddress.FromIPv4(0x0A00_0000 + (uint)node, 4600)] };
        var party = new Party(new(options, new(Samples.Network.Id, Samples.Start), Now.Mono, routes), _core.OpenSession(Now, new((ushort)node), Samples.TlsKey((ulong)node)), routes);
        _parties[node] = party;
        Move();
    }

    private void Cut(int node)
    {
        if (_parties.Remove(node, out var party))
            _core.CloseSession(party.Session);
    }

    private void Report(int node, params (int Peer, int Milliseconds)[] links)
    {
        _parties[node].Links = [.. links.Select(link => Link(link.Peer, link.Milliseconds))];
        Say(node);
    }

    private void Say(int node) =>
        _core.HandleBytes(Now, _parties[node].Session, new LinkReportsMessage(true, true, _parties[node].Links).ToFrame());

    private void Repeat(params int[] nodes)
    {
        foreach (var node in nodes)
            _core.HandleBytes(Now, _parties[node].Session, new LinkReportsMessage(false, true, []).ToFrame());
    }

    private static LinkReport Link(int peer, int milliseconds) => new(new((ushort)peer), LinkState.Proven) { Rtt = Duration.FromMilliseconds(milliseconds) };

    private void Run(double seconds)
    {
        for (var until = _seconds + seconds; _seconds < until; _seconds += 0.05)
            Move();
    }

    private void MoveUp()
    {
        _core.HandleTimeout(Now);
        foreach (var party in _parties.Values)
        {
            while (party.Node.TryPollFrame(out var frame))
                _core.HandleBytes(Now, party.Session, frame.Span);
        }

        _core.TakeTransaction();
    }

    private void Move()
    {
        MoveUp();
        if (_core.TakeRouteWork(Now) is { } work)
            _core.FinishRoutes(Now, work.Run());
        foreach (var party in _parties.Values)
        {
            while (_core.TryPollFrame(Now, party.Session, out var frame))
                party.Node.HandleBytes(Now.Mono, frame.Span);
        }
    }

    /// <summary>The ways that a node holds, by their relays; "-" is straight.</summary>
    private string[] Ways(int node, int destination) => Ways(node, new RouteKey((ushort)destination));

    private string[] Ways(int node, RouteKey key)
    {
        var routes = _parties[node].Routes.Find(key);
        return [.. Enumerable.Range(0, routes.WayCount).Select(rank => routes.Relays(rank).IsEmpty ? "-" : string.Join(' ', routes.Relays(rank).ToArray().Select(relay => relay.Value)))];
    }

    private sealed class Party(NodeSession node, ControllerSession session, RouteReplica routes)
    {
        public NodeSession Node => node;

        public ControllerSession Session => session;

        public RouteReplica Routes => routes;

        public LinkReport[] Links { get; set; } = [];
    }
}
