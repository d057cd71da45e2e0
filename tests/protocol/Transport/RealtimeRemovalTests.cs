using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>docs/wire-format.md, section 7.4: a Realtime flow whose origin was removed is over, also for the copies of its packets.</summary>
public sealed class RealtimeRemovalTests
{
    [Fact]
    public void ACopyDoesNotOpenTheFlowOfARemovedOriginAnewAndTheOriginIsTold()
    {
        var net = new TransportNet(1);
        var (origin, destination) = (net.Layers[0], net.Layers[1]);
        TransportTransmit sent = default;
        byte[] packet = [];
        net.Sniffer = (node, transmit, bytes) =>
        {
            if (node == 0)
                (sent, packet) = (transmit, bytes);
        };
        Assert.Equal(OpenResult.Opened, origin.OpenRealtime(TransportNet.IdOf(1), 3, Duration.FromSeconds(5), out var flow, 1));
        Assert.Equal(SendResult.Accepted, origin.Send(net.Now, flow, [1, 2, 3], out _));
        net.RunFor(Duration.FromSeconds(1));
        Assert.True(destination.TryReceive(net.Now, out _));

        destination.Revoke(net.Now, TransportNet.IdOf(0));
        Assert.True(destination.TryPollEvent(out var ended));
        Assert.Equal((TransportEventKind.InboundEnded, FlowEndReason.Revoked), (ended.Kind, ended.Reason));
        destination.HandlePacket(net.Now, TransportNet.IdOf(0), sent.Class, sent.Deadline, false, packet);
        Assert.False(destination.TryReceive(net.Now, out _));
        Assert.Equal(0, destination.InboundCount);
        Assert.Equal(1, destination.Counters.Drops(TransportDrop.FlowEnded));

        net.RunFor(Duration.FromSeconds(1));
        Assert.True(origin.TryPollEvent(out var broken));
        Assert.Equal((TransportEventKind.FlowBroken, FlowEndReason.Forgotten), (broken.Kind, broken.Reason));
    }

    [Fact]
    public void WhatWaitedToBeSentWhenTheDestinationWasRemovedIsCounted()
    {
        var net = new TransportNet(1);
        var origin = net.Layers[0];
        Assert.Equal(OpenResult.Opened, origin.OpenRealtime(TransportNet.IdOf(1), 3, Duration.FromSeconds(5), out var flow, 1));
        for (var i = 0; i < 3; i++)
            Assert.Equal(SendResult.Accepted, origin.Send(net.Now, flow, new byte[2_000], out _));

        origin.Revoke(net.Now, TransportNet.IdOf(1));
        Assert.Equal(3, origin.Counters.Drops(TransportDrop.FlowEnded));
        Assert.Equal(0, origin.SendBytes);
    }
}
