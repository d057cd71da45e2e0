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

    private static void Send(EdgePair pair, int program, byte[]? payload = null) =>
        pair.Call(EdgePair.Entry, (edge, now) => edge.Core.DatagramEntry.HandleLocal(
            edge.Node, now, edge.Entrance, Program with { Port = (ushort)(5_000 + program) }, payload ?? [1, 2, 3, 4]));
}
