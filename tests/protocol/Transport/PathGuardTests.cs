using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>Copies go over a second route while the first is strained, and no longer. docs/decisions/0047.</summary>
public sealed class PathGuardTests
{
    private const int PerSecond = 100;

    private static readonly Duration Deadline = Duration.FromMilliseconds(300);
    private static readonly PipeFaults Good = new() { Delay = Duration.FromMilliseconds(30) };

    /// <summary>A strain that a report tells of, as of a later hop, and one that this node's own first hop tells of.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_strained_route_is_guarded_until_it_has_been_well_for_a_while(bool isReported)
    {
        var (net, flow) = Begin(routes: 2);
        Assert.Equal(0, Send(net, flow, seconds: 5));
        net.RouteFaults[0] = Good with { Strain = isReported ? 0.1 : 0 };
        var copies = Send(net, flow, seconds: 20, noteStrain: !isReported);
        Assert.InRange(copies, 19 * PerSecond, 20 * PerSecond);
        Assert.Equal(1, net.Layers[0].Counters.PathGuards);

        net.RouteFaults[0] = Good;
        Assert.InRange(Send(net, flow, seconds: 20), 10 * PerSecond, 11 * PerSecond);
        Assert.Equal(0, Send(net, flow, seconds: 20));
        Assert.Equal((1, 0), (net.Layers[0].Counters.PathGuards, net.Layers[0].Counters.PathMoves));
    }

    /// <summary>What the strained route loses in runs comes over the other; nothing is left for good, as it carries what it can.</summary>
    [Fact]
    public void What_a_guarded_route_loses_arrives_and_moves_nobody()
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Strain = 1 };
        Send(net, flow, seconds: 2);
        net.RouteFaults[0] = Good with { Strain = 1, Loss = 0.1 };
        var before = net.Layers[1].Counters.MessagesDelivered;
        Send(net, flow, seconds: 30);
        Assert.Equal(30 * PerSecond, net.Layers[1].Counters.MessagesDelivered - before);
        Assert.Equal(0, net.Layers[0].Counters.PathMoves);
    }

    /// <summary>The strain is told while a trial looks for a better route, as it is where bursts begin: the trial moves nobody to the guard's route.</summary>
    [Fact]
    public void A_trial_that_is_under_way_leaves_no_guarded_route()
    {
        var (net, flow) = Begin(routes: 2);
        Send(net, flow, seconds: 5);
        net.RouteFaults[0] = Good with { Loss = 0.2 };
        while (net.Layers[0].Counters.PathTrials == 0)
        {
            net.Layers[0].Send(net.Now, flow, new byte[200], out _);
            net.RunFor(Duration.FromSeconds(1) / PerSecond);
        }

        Send(net, flow, seconds: 10, noteStrain: true);
        Assert.Equal((1, 0), (net.Layers[0].Counters.PathGuards, net.Layers[0].Counters.PathMoves));
        net.RouteFaults[0] = Good with { Loss = 1 };
        Send(net, flow, seconds: 2);
        Assert.Equal(1, net.Layers[0].Counters.PathMoves);
    }

    /// <summary>A token names a shorter way from now on: what overtakes the packets before it does not make them look lost.</summary>
    [Theory]
    [InlineData(300)]
    [InlineData(2_000)]
    public void A_token_that_gets_a_shorter_way_loses_nothing_by_it(int deadline)
    {
        var (net, flow) = Begin(routes: 2, Duration.FromMilliseconds(deadline));
        for (var round = 0; round < 5; round++)
        {
            var isLong = round % 2 == 0;
            net.RouteFaults[0] = Good with { Delay = Duration.FromMilliseconds(isLong ? 200 : 30) };
            net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, [TransportNet.IdOf(0), new((ushort)(20 + round)), TransportNet.IdOf(1)]);
            var most = 0.0;
            for (var i = 0; i < 30; i++)
            {
                for (var j = 0; j < PerSecond / 10; j++)
                {
                    net.Layers[0].Send(net.Now, flow, new byte[200], out _);
                    net.RunFor(Duration.FromSeconds(1) / PerSecond);
                }

                most = Math.Max(most, net.Layers[0].InspectPaths(net.Now, TransportNet.IdOf(1))[0].Loss);
            }

            Assert.Equal(0, most);
        }

        Assert.Equal(0, net.Layers[0].Counters.PathMoves);
    }

    /// <summary>A token gets a way that is dead while packets are under way on the one before: they do not hide it for longer than they take.</summary>
    [Fact]
    public void A_token_that_gets_a_dead_way_is_left_however_long_the_deadline()
    {
        var (net, flow) = Begin(routes: 2, Duration.FromSeconds(2));
        Send(net, flow, seconds: 5);
        net.RouteFaults[0] = Good with { Loss = 1 };
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, [TransportNet.IdOf(0), new(20), TransportNet.IdOf(1)]);
        Send(net, flow, seconds: 1);
        Assert.Equal(1, net.Layers[0].Counters.PathMoves);
    }

    /// <summary>Nothing is under way any more on the way before: what comes tells of the new one, and counts at once.</summary>
    [Fact]
    public void A_flow_that_has_rested_judges_a_new_way_at_once()
    {
        var (net, flow) = Begin(routes: 2, Duration.FromSeconds(2));
        Send(net, flow, seconds: 5);
        net.RunFor(Duration.FromSeconds(3));
        net.RouteFaults[0] = Good with { Loss = 0.4 };
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, [TransportNet.IdOf(0), new(20), TransportNet.IdOf(1)]);
        Send(net, flow, seconds: 1);
        Assert.InRange(net.Layers[0].InspectPaths(net.Now, TransportNet.IdOf(1))[0].Loss, 0.2, 0.6);
    }

    [Fact]
    public void Another_route_guards_where_the_first_guard_is_silent_or_full()
    {
        foreach (var trouble in new[] { Good with { Loss = 1 }, Good with { Mark = 1 } })
        {
            var (net, flow) = Begin(routes: 3);
            net.RouteFaults[0] = Good with { Strain = 1 };
            net.RouteFaults[1] = trouble;
            Send(net, flow, seconds: 3);
            var sent = new int[3];
            net.Sniffer = (node, transmit, packet) => sent[transmit.RouteToken] += node == 0 && packet[0] >> 4 == 4 ? 1 : 0;
            Send(net, flow, seconds: 1);
            Assert.Equal((PerSecond, 0, PerSecond), (sent[0], sent[1], sent[2]));
        }
    }

    [Fact]
    public void One_route_alone_has_no_guard()
    {
        var (net, flow) = Begin(routes: 1);
        net.RouteFaults[0] = Good with { Strain = 1 };
        Assert.Equal(0, Send(net, flow, seconds: 5, noteStrain: true));
        Assert.Equal(0, net.Layers[0].Counters.PathGuards);
    }

    /// <summary>Strain on a route that flows do not take, told by the copies there, keeps no guard up.</summary>
    [Fact]
    public void A_strained_guard_does_not_guard_itself()
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Strain = 1 };
        Send(net, flow, seconds: 2);
        net.RouteFaults[0] = Good;
        net.RouteFaults[1] = Good with { Strain = 1 };
        Send(net, flow, seconds: 11);
        Assert.Equal(0, Send(net, flow, seconds: 5));
    }

    /// <summary>What goes beyond the copies of a step is not copied.</summary>
    [Fact]
    public void Copies_are_bounded()
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Strain = 1 };
        Send(net, flow, seconds: 2);
        var copies = Send(net, flow, seconds: 1, perSecond: 4_000);
        Assert.InRange(copies, 9 * PathLimits.CopiesAtMost, 11 * PathLimits.CopiesAtMost);
    }

    /// <summary>A guard that cannot copy everything is no shelter: the flow leaves as if there were none. One that can keeps it.</summary>
    [Theory]
    [InlineData(4_000, 200, 1)]
    [InlineData(20, 200_000, 1)]
    [InlineData(500, 200, 0)]
    [InlineData(1, 200_000, 0)]
    public void A_guard_that_cannot_copy_all_keeps_nobody(int perSecond, int length, int moves)
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Strain = 1 };
        Send(net, flow, seconds: 6, perSecond: perSecond, length: length);
        Assert.Equal((1, 0), (net.Layers[0].Counters.PathGuards, net.Layers[0].Counters.PathMoves));
        net.RouteFaults[0] = Good with { Strain = 1, Loss = 0.2 };
        Send(net, flow, seconds: 3, perSecond: perSecond, length: length);
        Assert.Equal(moves, net.Layers[0].Counters.PathMoves);
    }

    /// <summary>The strain was the way's that the token had, so its guard ends with it; one that is strained too gets its own.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_guard_ends_with_the_way_that_it_guarded(int strain)
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Strain = 1 };
        Send(net, flow, seconds: 5);
        net.RouteFaults[0] = Good with { Strain = strain };
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, [TransportNet.IdOf(0), new(20), TransportNet.IdOf(1)]);
        var copies = Send(net, flow, seconds: 5);
        Assert.InRange(copies, strain * 4 * PerSecond, strain * 5 * PerSecond);
        Assert.Equal(1 + strain, net.Layers[0].Counters.PathGuards);
    }

    /// <summary>A flow whose way moves up to the rank of its guard is guarded by another from the next packet on.</summary>
    [Fact]
    public void Ways_that_change_places_leave_no_packet_unguarded()
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Loss = 0.3 };
        Send(net, flow, seconds: 5);
        Assert.Equal(1, net.Layers[0].Counters.PathMoves);
        net.RouteFaults[0] = Good;
        net.RouteFaults[1] = Good with { Strain = 1 };
        Send(net, flow, seconds: 2);
        net.RouteFaults[0] = Good with { Strain = 1 };
        net.RouteFaults[1] = Good;
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, WayOf(1));
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 1, WayOf(0));
        Assert.Equal(PerSecond, Send(net, flow, seconds: 1));
        Assert.Equal(1, net.Layers[0].Counters.PathMoves);
    }

    /// <summary>To go back to a better rank would end the guard: only where nothing is strained there is none needed.</summary>
    [Fact]
    public void A_guarded_flow_goes_back_only_to_a_way_without_strain()
    {
        var (net, flow) = Begin(routes: 2);
        net.RouteFaults[0] = Good with { Loss = 0.3 };
        Send(net, flow, seconds: 3);
        Assert.Equal(1, net.Layers[0].Counters.PathMoves);
        net.RouteFaults[0] = net.RouteFaults[1] = Good with { Strain = 0.1 };
        Send(net, flow, seconds: 60);
        Assert.Equal((1, 1), (net.Layers[0].Counters.PathMoves, net.Layers[0].Counters.PathGuards));
        net.RouteFaults[0] = Good;
        Send(net, flow, seconds: 15);
        Assert.Equal(2, net.Layers[0].Counters.PathMoves);
        Assert.Equal(0, Send(net, flow, seconds: 5));
    }

    private static (TransportNet Net, FlowHandle Flow) Begin(int routes) => Begin(routes, Deadline);

    private static (TransportNet Net, FlowHandle Flow) Begin(int routes, Duration deadline)
    {
        var net = new TransportNet(7);
        net.Pipe.Faults = Good;
        net.IsFaulty = (from, _) => from == 0;
        for (var token = 0; token < routes; token++)
        {
            net.Layers[0].SetRoute(TransportNet.IdOf(1), token, WayOf(token));
            net.Layers[1].SetRoute(TransportNet.IdOf(0), token, [new((ushort)(30 + token)), TransportNet.IdOf(0)]);
            net.RouteFaults[token] = Good;
        }

        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out _))
            {
            }
        };
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, deadline, out var flow);
        return (net, flow);
    }

    private static NodeId[] WayOf(int number) => [TransportNet.IdOf(0), new((ushort)(10 + number)), TransportNet.IdOf(1)];

    /// <summary>Sends at an even pace; says how many copies went.</summary>
    private static long Send(TransportNet net, FlowHandle flow, int seconds, bool noteStrain = false, int perSecond = PerSecond, int length = 200)
    {
        var before = net.Layers[0].Counters.CopiesSent;
        for (var i = 0; i < seconds * perSecond; i++)
        {
            net.Layers[0].Send(net.Now, flow, new byte[length], out _);
            net.RunFor(Duration.FromSeconds(1) / perSecond);
            if (noteStrain && i % 10 == 0)
                net.Layers[0].NoteStrain(net.Now, TransportNet.IdOf(1), 0);
        }

        return net.Layers[0].Counters.CopiesSent - before;
    }
}
