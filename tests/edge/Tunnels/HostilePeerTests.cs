using WeCan.Contracts;
using WeCan.Edge.Tests.Tunnels.Simulated;
using WeCan.Edge.Tunnels;
using WeCan.Lab.Wan;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tests.Tunnels;

/// <summary>Another member that sends whatever it likes on flows of tunnels: no exception, bounded memory, and everybody else goes on.</summary>
public sealed class HostilePeerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WhateverAnEdgeSendsTheOtherStandsAndStaysBounded(ulong seed)
    {
        using var pair = new EdgePair("delay 5", seed);
        var random = new WanRandom(WanRandom.Derive(seed, 77));
        pair[EdgePair.Exit].MakeTarget = port => new SimStream(1_000_000, 1_000 + port) { PeerKey = port, Room = 10_000 };
        var honest = pair.Open(50, sends: 2_000_000, from: EdgePair.Exit);
        pair[EdgePair.Entry].MakeTarget = port => new SimStream(0, 1_000 + port) { PeerKey = port };
        List<FlowHandle> flows = [];
        for (var round = 0; round < 400; round++)
        {
            pair.Call(EdgePair.Entry, (edge, now) =>
            {
                if (flows.Count < 40 && random.Next(3) == 0)
                    flows.Add(Open(edge, random));
                for (var i = 0; i < 20 && flows.Count > 0; i++)
                    edge.Node.Send(now, flows[random.Next(flows.Count)], Message(random), out _);
            });
            pair.Loop.RunFor(Duration.FromMilliseconds(20));
        }

        var exit = pair[EdgePair.Exit].Core;
        Assert.True(exit.Counters.Drops(TunnelDrop.Malformed) > 100);
        Assert.True(exit.Counters.Drops(TunnelDrop.Stray) > 100);
        Assert.InRange(exit.Streams.Windows.Used, 0, 200L * TunnelLimits.MaxWindow);
        Assert.All(pair[EdgePair.Exit].Streams, stream => Assert.InRange(stream.MostWaiting, 0, TunnelLimits.MaxWindow));
        Assert.True(pair.RunUntil(30, () => honest.IsOver));
        Assert.True(honest is { SawEnd: true, WrongAt: -1 });
    }

    private static FlowHandle Open(SimEdge edge, WanRandom random)
    {
        FlowHandle flow;
        if (random.Next(2) == 0)
            edge.Node.OpenRealtime(edge.Peer, 3, Duration.FromSeconds(1), out flow);
        else
            edge.Node.OpenStream(edge.Peer, random.Next(2) == 0 ? ServiceClass.Signal : ServiceClass.Bulk, 3, out flow);
        return flow;
    }

    /// <summary>A tunnel's kind, mostly, and then the head of an OPEN or of a session, or anything, of any length up to beyond the bounds.</summary>
    private static byte[] Message(WanRandom random)
    {
        byte[] head = random.Next(6) switch
        {
            0 => [0x01, 1, 3, 0, 0, 0, 1, 0, 0, 0, (byte)random.Next(200), .. "10.0.0.1:99"u8],
            1 => [0x12, 0, 0, 0, (byte)random.Next(8), 3, 0, 200, 0, 11, .. "10.0.0.1:99"u8],
            2 => [(byte)((random.Next(7) << 4) | 1)],
            3 => [(byte)((random.Next(7) << 4) | 2), 0, 0, 0, (byte)random.Next(8)],
            4 => [0x41, 0, 0, 0, 0, (byte)random.Next(256), 0, 0, 0],
            _ => [(byte)((random.Next(16) << 4) | (1 + random.Next(2)))],
        };
        return random.Next(2) == 0 ? head : [.. head, .. new byte[random.Next(20_000)]];
    }
}
