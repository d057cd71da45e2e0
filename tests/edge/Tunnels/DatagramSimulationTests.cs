using WeCan.Contracts;
using WeCan.Edge.Tests.Tunnels.Simulated;
using WeCan.Edge.Tunnels;
using WeCan.Edge.Tunnels.Frames;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>docs/tunnels.md, UDP: sessions are found again after a restart, end in silence, and are never taken for each other.</summary>
public sealed class DatagramSimulationTests
{
    private static readonly NetAddress Program = NetAddress.FromIPv4(0x7F000001, 5_000);

    [Fact]
    public void DatagramsCrossBothWaysAndNameTheirTargetOnlyAtFirst()
    {
        using var pair = new EdgePair("delay 20", 1);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        Send(pair, 1);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        var (entry, exit) = (pair[EdgePair.Entry], pair[EdgePair.Exit]);
        Assert.Equal([1, 2, 3, 4], Assert.Single(exit.Targets.Sent).Payload);
        var before = entry.Node.TransportCounters.FragmentsSent;

        Send(pair, 1, new byte[1_200]);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        Assert.Equal(2, exit.Targets.Sent.Count);
        Assert.Equal(1, entry.Node.TransportCounters.FragmentsSent - before);

        pair.Call(EdgePair.Exit, (edge, now) => edge.Core.DatagramExit.HandleTarget(edge.Node, now, edge.Sessions[0], [9, 8]));
        pair.Loop.RunFor(Duration.FromSeconds(1));
        var (to, payload) = Assert.Single(entry.Programs.Sent);
        Assert.Equal(Program with { Port = 5_001 }, to);
        Assert.Equal([9, 8], payload);
    }

    [Fact]
    public void ASessionIsFoundAgainAfterItsExitWasRestarted()
    {
        using var pair = new EdgePair("delay 20", 2);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        Send(pair, 1);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        pair.Loop.Restart(EdgePair.Exit);
        for (var i = 0; i < 40; i++)
        {
            Send(pair, 1);
            pair.Loop.RunFor(Duration.FromMilliseconds(500));
        }

        Assert.InRange(pair[EdgePair.Exit].Targets.Sent.Count, 1, 40);
    }

    [Fact]
    public void ALateAnswerToAnEarlierLifeReachesNobody()
    {
        using var pair = new EdgePair("delay 20", 3);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        for (var port = 1; port <= 5; port++)
            Send(pair, port);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        pair.Loop.Restart(EdgePair.Entry);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        for (var port = 11; port <= 15; port++)
            Send(pair, port);
        pair.Loop.RunFor(Duration.FromSeconds(5));
        pair.Call(EdgePair.Exit, (edge, now) => edge.Core.DatagramExit.HandleTarget(edge.Node, now, edge.Sessions[0], [66]));
        pair.Loop.RunFor(Duration.FromSeconds(1));

        Assert.DoesNotContain(pair[EdgePair.Entry].Programs.Sent, sent => sent.Payload is [66]);
        Assert.Equal(1, pair[EdgePair.Entry].Core.Counters.Drops(TunnelDrop.Stray));
    }

    [Fact]
    public void SessionsEndInSilenceAndTheOldestMakesRoom()
    {
        using var pair = new EdgePair("delay 20", 4);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        for (var i = 0; i < TunnelLimits.MaxSessions + 50; i++)
        {
            Send(pair, i);
            if (i % 100 == 0)
                pair.Loop.RunFor(Duration.FromMilliseconds(10));
        }

        pair.Loop.RunFor(Duration.FromSeconds(1));
        var (entry, exit) = (pair[EdgePair.Entry].Core, pair[EdgePair.Exit].Core);
        Assert.Equal(TunnelLimits.MaxSessions, entry.DatagramEntry.Count);
        Assert.Equal(TunnelLimits.MaxSessions, exit.DatagramExit.Count);
        Assert.Equal(TunnelLimits.MaxSessions, entry.Counters.SessionsOpen);

        pair.Loop.RunFor(TunnelLimits.SessionIdle + Duration.FromSeconds(2));
        Assert.Equal(0, entry.DatagramEntry.Count);
        Assert.Equal(0, exit.DatagramExit.Count);
        Assert.True(entry.NextTimeout.IsNever);
    }

    [Fact]
    public void ARefusedSessionIsCountedAndAskedForAgainOnlyLater()
    {
        using var pair = new EdgePair("delay 20", 5);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        var port = new Edge.Tunnels.Datagrams.DatagramEntryPort(
            new(() => pair[EdgePair.Entry].Peer, $"10.1.1.1:{SimEdge.Forbidden}", 3, Duration.FromMilliseconds(200), 1), pair[EdgePair.Entry].Programs, 2);
        for (var i = 0; i < 20; i++)
        {
            pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(edge.Node, now, port, Program, [1]));
            pair.Loop.RunFor(Duration.FromMilliseconds(500));
        }

        Assert.InRange(pair[EdgePair.Exit].Core.Counters.RefusedHere(RefusalReason.Policy), 2, 3);
        Assert.InRange(pair[EdgePair.Entry].Core.Counters.Drops(TunnelDrop.Refused), 16, 18);
    }

    /// <summary>Many datagrams go before the first answer comes, and each is answered.</summary>
    [Theory]
    [InlineData("10.1.1.1:11", (int)RefusalReason.Policy)]
    [InlineData("10.1.1.1", (int)RefusalReason.BadTarget)]
    public void ARefusalIsCountedOnceForASessionAtBothEnds(string target, int reason)
    {
        using var pair = new EdgePair("delay 20", 5);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        var port = PortTo(() => pair[EdgePair.Entry].Peer, target, pair);
        for (var i = 0; i < 30; i++)
        {
            pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(edge.Node, now, port, Program, [1]));
            pair.Loop.RunFor(Duration.FromMilliseconds(1));
        }

        pair.Loop.RunFor(Duration.FromSeconds(1));
        Assert.Equal(1, pair[EdgePair.Exit].Core.Counters.RefusedHere((RefusalReason)reason));
        Assert.Equal(1, pair[EdgePair.Entry].Core.Counters.RefusedThere((RefusalReason)reason));

        var other = Program with { Port = 5_001 };
        pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(edge.Node, now, port, other, [1]));
        pair.Loop.RunFor(Duration.FromSeconds(1));
        Assert.Equal(2, pair[EdgePair.Exit].Core.Counters.RefusedHere((RefusalReason)reason));
        Assert.Equal(2, pair[EdgePair.Entry].Core.Counters.RefusedThere((RefusalReason)reason));
    }

    /// <summary>Where the exit is no member there is nobody to refuse: the entry says so itself, and not for each datagram.</summary>
    [Fact]
    public void AnExitThatIsNoMemberIsToldNowAndThen()
    {
        using var pair = new EdgePair("delay 20", 5);
        var refused = new List<RefusalReason>();
        pair[EdgePair.Entry].Core.Counters.OnRefusedThere = (_, reason) => refused.Add(reason);
        var exit = NodeId.None;
        var port = PortTo(() => exit, "10.1.1.1:7", pair);
        for (var i = 0; i < 11; i++)
        {
            for (var j = 0; j < 20; j++)
                pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(edge.Node, now, port, Program, [1]));
            pair.Loop.RunFor(Duration.FromSeconds(1));
        }

        Assert.Equal([RefusalReason.Unreachable, RefusalReason.Unreachable, RefusalReason.Unreachable], refused);
        Assert.Equal(220, pair[EdgePair.Entry].Core.Counters.Drops(TunnelDrop.Refused));
        Assert.Equal(0, pair[EdgePair.Entry].Core.DatagramEntry.Count);
    }

    [Fact]
    public void WhatWaitsForATargetsNameIsBounded()
    {
        using var pair = new EdgePair("delay 20", 6);
        pair.Loop.RunFor(Duration.FromSeconds(1));
        var port = new Edge.Tunnels.Datagrams.DatagramEntryPort(
            new(() => pair[EdgePair.Entry].Peer, $"slow.example:{SimEdge.Silent}", 3, Duration.FromMilliseconds(200), 1), pair[EdgePair.Entry].Programs, 2);
        for (var i = 0; i < 20; i++)
            pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(edge.Node, now, port, Program, [1]));
        pair.Loop.RunFor(Duration.FromSeconds(1));
        Assert.Equal(20 - TunnelLimits.HeldDatagrams, pair[EdgePair.Exit].Core.Counters.Drops(TunnelDrop.HeldFull));

        pair.Call(EdgePair.Exit, (edge, now) =>
            edge.Core.DatagramExit.HandleFound(edge.Node, now, edge.Sessions[0], NetAddress.FromIPv4(1, 1), edge.Targets));
        Assert.Equal(TunnelLimits.HeldDatagrams, pair[EdgePair.Exit].Targets.Sent.Count);
    }

    private static Edge.Tunnels.Datagrams.DatagramEntryPort PortTo(Func<NodeId> exit, string target, EdgePair pair) =>
        new(new(exit, target, 3, Duration.FromMilliseconds(200), 1), pair[EdgePair.Entry].Programs, 2);

    private static void Send(EdgePair pair, int program, byte[]? payload = null) =>
        pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(
            edge.Node, now, edge.Entrance, Program with { Port = (ushort)(5_000 + program) }, payload ?? [1, 2, 3, 4]));
}
