using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

public sealed class RealtimeSimulationTests
{
    private static readonly Duration Deadline = Duration.FromMilliseconds(200);

    [Fact]
    public void NothingIsLateTwiceOrDamagedWhateverThePipeDoes()
    {
        for (var seed = 1UL; seed <= 200; seed++)
            Run(seed);

        static void Run(ulong seed)
        {
            var net = new TransportNet(seed);
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var sentAt = new Dictionary<ulong, MonoTime>();
            var seen = new HashSet<ulong>();
            net.Application = node =>
            {
                while (net.Layers[node].TryReceive(net.Now, out var message))
                {
                    Assert.Equal(ServiceClass.Realtime, message.Class);
                    var id = BinaryPrimitives.ReadUInt64BigEndian(message.Payload);
                    Assert.True(message.Payload.SequenceEqual(Compose(seed, id)), $"seed {seed}: message {id} came damaged");
                    Assert.True(seen.Add(id), $"seed {seed}: message {id} came twice");
                    Assert.True(net.Now <= sentAt[id] + Deadline, $"seed {seed}: message {id} came late");
                }
            };
            Assert.Equal(OpenResult.Opened, net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow));
            for (var id = 0UL; id < 200; id++)
            {
                sentAt[id] = net.Now;
                Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, Compose(seed, id), out _));
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(20)));
            }

            net.RunFor(Duration.FromSeconds(10));
            var isGood = net.Pipe.Faults is { Loss: 0, Straggle: 0 } && net.Pipe.Faults.Delay + net.Pipe.Faults.Jitter < Deadline;
            Assert.True(!isGood || seen.Count == 200, $"seed {seed}: {seen.Count} of 200 came over a good pipe");
            Assert.True(net.Layers[1].JoinBytes == 0, $"seed {seed}: joins are left");
            Assert.True(net.Layers[1].ReceiveBytes == 0, $"seed {seed}: messages are left");
        }
    }

    /// <summary>What both ends count of a pair of nodes, against what was sent and seen, whatever the pipe does.</summary>
    [Fact]
    public void BothEndsCountEachPacketOnce()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var net = new TransportNet(seed);
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var (offered, delivered) = (0L, 0L);
            net.Application = node =>
            {
                while (net.Layers[node].TryReceive(net.Now, out var message))
                    delivered += message.Payload.Length > 1_200 ? 3 : 1;
            };
            net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow);
            for (var i = 0; i < 200; i++)
            {
                var packets = net.Random.Below(3) == 0 ? 3 : 1;
                Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, new byte[packets == 3 ? 3_000 : 100], out _));
                offered += packets;
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(20)));
            }

            net.RunFor(Duration.FromSeconds(2));
            var (origin, destination) = (net.Layers[0].InspectPairs(net.Now).Single(), net.Layers[1].InspectPairs(net.Now).Single());
            Assert.Equal((TransportNet.IdOf(1), offered), (origin.Peer, origin.Offered));
            Assert.Equal(net.Layers[0].Counters.FragmentsSent, origin.Sent);
            Assert.Equal((TransportNet.IdOf(0), delivered), (destination.Peer, destination.Delivered));
            Assert.InRange(destination.InTime + destination.Late, destination.Delivered, origin.Sent);
            Assert.InRange(destination.Delivered, 0, destination.InTime);
            Assert.InRange(destination.Expected, destination.InTime + destination.Late, offered);
            Assert.True(net.Pipe.Faults.Loss > 0 || net.Pipe.Faults.Straggle > 0 || destination.InTime + destination.Late == origin.Sent, $"seed {seed}: packets came and were not counted");
            Assert.True(net.Pipe.Faults.Loss > 0.3 || destination.Expected >= offered - 40, $"seed {seed}: {destination.Expected} of {offered} are known of");
            Assert.Equal((0, 0, 0, 0), (origin.InTime, origin.Late, origin.Expected, destination.Offered));
        }
    }

    [Fact]
    public void AMebibyteArrivesInTimeOverAGoodPipe()
    {
        var net = new TransportNet(3);
        net.Pipe.Faults = new PipeFaults { Duplicate = 0.3, Jitter = Duration.FromMilliseconds(50) };
        var message = new byte[1 << 20];
        net.Random.Fill(message);
        var came = 0;
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out var received))
            {
                Assert.True(received.Payload.SequenceEqual(message));
                came++;
            }
        };
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow);
        net.Layers[0].Send(net.Now, flow, message, out _);
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(1, came);
        Assert.Equal(0, net.Layers[1].JoinBytes);
    }

    [Fact]
    public void AFullQueueDropsTheStalestAndASilentHopExpiresTheRest()
    {
        var net = new TransportNet(4);
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow);
        for (var i = 0; i < TransportLimits.RealtimeQueueSegments + 10; i++)
            Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, new byte[8], out _));
        Assert.Equal(10, net.Layers[0].Counters.Drops(TransportDrop.SendQueueFull));
        net.Layers[0].HandlePacket(net.Now + Deadline + Deadline, TransportNet.IdOf(1), ServiceClass.Control, MonoTime.Never, false, [1]);
        var gate = ClassGate.AllOpen;
        var buffer = new byte[TransportLimits.MaxTransmit];
        Assert.False(net.Layers[0].TryPollTransmit(net.Now + Deadline + Deadline, ref gate, buffer, out _, out _));
        Assert.Equal(TransportLimits.RealtimeQueueSegments, net.Layers[0].Counters.Drops(TransportDrop.ExpiredBeforeSending));
        Assert.Equal(0, net.Layers[0].SendBytes);
    }

    /// <summary>When the node's memory is full, the lowest priority goes first, and no message goes for one that is worth less.</summary>
    [Fact]
    public void FullMemoryIsTakenFromTheLowestPriority()
    {
        var net = new TransportNet(8, options: new TransportOptions { SendMemory = 4 << 20 });
        var layer = net.Layers[0];
        FlowHandle Open(byte priority)
        {
            Assert.Equal(OpenResult.Opened, layer.OpenRealtime(TransportNet.IdOf(1), priority, Deadline, out var flow));
            return flow;
        }

        SendResult Send(FlowHandle flow) => layer.Send(net.Now, flow, new byte[1_000], out _);
        FlowHandle[] low = [Open(1), Open(1)];
        FlowHandle[] high = [Open(6), Open(6), Open(6), Open(6)];
        var sentLow = 0;
        for (; layer.Counters.Drops(TransportDrop.SendQueueFull) == 0; sentLow++)
            Assert.Equal(SendResult.Accepted, Send(low[sentLow % 2]));
        var sentHigh = 0;
        while (sentHigh < 4_000)
            Assert.Equal(SendResult.Accepted, Send(high[sentHigh++ % 4]));
        Assert.Equal(sentLow - 1, layer.Counters.Drops(TransportDrop.GaveWay));
        Assert.Equal(SendResult.WouldBlock, Send(Open(0)));
        var order = new List<byte>();
        net.Sniffer = (_, transmit, _) => order.Add(transmit.Priority);
        net.Flush(0);
        Assert.True(order.Count > 3_000);
        Assert.All(order, priority => Assert.Equal(6, priority));
        Assert.Equal(0, layer.SendBytes);
    }

    [Fact]
    public void WhatTheApplicationTakesTooLateIsNotHandedOut()
    {
        var net = new TransportNet(5);
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow);
        net.Layers[0].Send(net.Now, flow, new byte[8], out _);
        net.RunFor(Duration.FromMilliseconds(100));
        Assert.False(net.Layers[1].TryReceive(net.Now + Deadline, out _));
        Assert.Equal(1, net.Layers[1].Counters.Drops(TransportDrop.Late));
    }

    [Fact]
    public void AClosedFlowSendsWhatItHasAndIsGone()
    {
        var net = new TransportNet(6);
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 5, Deadline, out var flow);
        net.Layers[0].Send(net.Now, flow, new byte[5_000], out _);
        net.Layers[0].Close(net.Now, flow);
        Assert.Equal(SendResult.Closed, net.Layers[0].Send(net.Now, flow, new byte[1], out _));
        net.RunFor(Duration.FromMilliseconds(100));
        Assert.True(net.Layers[1].TryReceive(net.Now, out var message));
        Assert.Equal(5_000, message.Payload.Length);
        Assert.True(net.Layers[0].TryPollEvent(out var happened));
        Assert.Equal(TransportEventKind.FlowClosed, happened.Kind);
        Assert.Equal(0, net.Layers[0].OutboundCount);

        net.RunFor(TransportLimits.RealtimeIdle + TransportLimits.RealtimeIdle);
        Assert.True(net.Layers[1].TryPollEvent(out happened));
        Assert.Equal((TransportEventKind.InboundEnded, FlowEndReason.Idle), (happened.Kind, happened.Reason));
        Assert.Equal(0, net.Layers[1].InboundCount);
    }

    private static byte[] Compose(ulong seed, ulong id)
    {
        var random = new SimRandom(SimRandom.Mix((seed << 20) ^ id));
        var message = new byte[8 + (random.Below(4) == 0 ? random.Below(20_000) : random.Below(1_000))];
        message.AsSpan(8).Fill((byte)random.Next());
        BinaryPrimitives.WriteUInt64BigEndian(message, id);
        return message;
    }
}
