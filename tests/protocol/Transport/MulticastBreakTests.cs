using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>A destination that was taken out in the middle of something and must be told where to go on: flag J of docs/wire-format.md, section 7.5.</summary>
public sealed class MulticastBreakTests
{
    /// <summary>A message is cut in the middle: what the destination has of it goes, and the next begins behind it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    public void AMessageThatIsCutOffLeavesNothing(int copies)
    {
        var net = new TransportNet(3, 3, stride: 300);
        var (origin, destination) = (net.Layers[0], net.Layers[1]);
        var edges = new EdgeSet();
        edges.Add(net.EdgeOf(1));
        edges.Add(net.EdgeOf(2));
        origin.OpenMulticast(ServiceClass.Signal, 3, out var flow);
        Assert.Equal(SendResult.Accepted, origin.SendMulticast(net.Now, flow, edges, new byte[5_000], out _));
        var gate = ClassGate.AllOpen;
        var buffer = new byte[TransportLimits.MaxTransmit];
        for (var i = 0; i < copies; i++)
        {
            Assert.True(origin.TryPollTransmit(net.Now, ref gate, buffer, out var transmit, out var length));
            if (transmit.Targets!.Set == net.EdgeOf(1) >> 8)
                destination.HandleMulticastPacket(net.Now, TransportNet.IdOf(0), transmit.Class, transmit.Deadline, false, buffer.AsSpan(0, length));
        }

        Assert.True(origin.RemoveDestination(net.Now, flow, net.EdgeOf(1)));
        Assert.True(destination.ReceiveBytes > 0);
        net.RunFor(Duration.FromSeconds(5));
        byte[] next = [1, 2, 3];
        Assert.Equal(SendResult.Accepted, origin.SendMulticast(net.Now, flow, edges, next, out _));
        net.RunFor(Duration.FromSeconds(5));
        Assert.True(destination.TryReceive(net.Now, out var message));
        Assert.True(message.Payload.SequenceEqual(next));
        Assert.False(destination.TryReceive(net.Now, out _));
        Assert.Equal((0, 0), (destination.ReceiveBytes, origin.SendBytes));
        Assert.True(net.Layers[2].TryReceive(net.Now, out message) && message.Payload.Length == 5_000);
        Assert.Equal(0, origin.Counters.DestinationsLost);
    }

    /// <summary>What is repaired by multicast does not say where to go on: who must be told is left out, and gets it alone.</summary>
    [Fact]
    public void WhoMustBeToldWhereToGoOnIsNotRepairedByMulticast()
    {
        const int Nodes = 12;
        var net = new TransportNet(8, Nodes, stride: 1);
        var origin = net.Layers[0];
        var edges = new EdgeSet();
        for (var node = 1; node < Nodes; node++)
            edges.Add(net.EdgeOf(node));
        origin.OpenMulticast(ServiceClass.Signal, 3, out var flow);
        void Send(byte[] message) => Assert.Equal(SendResult.Accepted, origin.SendMulticast(net.Now, flow, edges, message, out _));

        // Round trips are known, so that a loss shows by the gap that it leaves, and not by a silence.
        Send([0]);
        net.RunFor(Duration.FromSeconds(1));
        Assert.All(net.Layers[1..], layer => Assert.True(layer.TryReceive(net.Now, out _)));
        Send(new byte[5_000]);
        var gate = ClassGate.AllOpen;
        var buffer = new byte[TransportLimits.MaxTransmit];
        for (var i = 0; i < 2; i++)
        {
            Assert.True(origin.TryPollTransmit(net.Now, ref gate, buffer, out var transmit, out var length));
            net.Layers[1].HandleMulticastPacket(net.Now, TransportNet.IdOf(0), transmit.Class, transmit.Deadline, false, buffer.AsSpan(0, length));
        }

        Assert.True(origin.RemoveDestination(net.Now, flow, net.EdgeOf(1)));
        net.RunFor(Duration.FromSeconds(5));
        net.SharedLoss = 1;
        net.Reaches = node => node != 1;
        Send([1]);
        net.FlushAll();
        net.SharedLoss = 0;
        net.Reaches = _ => true;
        Send([2]);
        var before = origin.Counters.MulticastCopies;
        net.RunFor(Duration.FromSeconds(20));
        Assert.Equal(before + 2, origin.Counters.MulticastCopies);
        for (var node = 1; node < Nodes; node++)
        {
            Assert.Equal(node > 1, net.Layers[node].TryReceive(net.Now, out var message) && message.Payload.Length == 5_000);
            Assert.True(node == 1 || net.Layers[node].TryReceive(net.Now, out _));
            Assert.True(net.Layers[node].TryReceive(net.Now, out message) || node == 1);
        }

        Assert.Equal((0, 3), (origin.Counters.DestinationsLost, net.Layers[1].Counters.MessagesDelivered));
    }

    /// <summary>A late confirmation of what was sent before does not bring a destination back into step that must be told where to go on.</summary>
    [Fact]
    public void AnOldConfirmationIsNoAnswerToTheMessageThatTells()
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        var now = MonoTime.FromSeconds(1);
        var edges = new EdgeSet();
        for (ushort edge = 1; edge <= 3; edge++)
        {
            layer.SetEdge(edge, new NodeId(edge));
            edges.Add(edge);
        }

        layer.OpenMulticast(ServiceClass.Signal, 0, out var flow);
        Assert.Equal(SendResult.Accepted, layer.SendMulticast(now, flow, edges, new byte[3_000], out _));
        Assert.Equal([0x52, 0x50], Poll(layer, now, 2).Select(packet => packet.Type));
        Confirm(layer, now, 1, 2);
        Assert.True(layer.RemoveDestination(now, flow, 1));
        now += Duration.FromMilliseconds(1);
        Assert.Equal(SendResult.Accepted, layer.SendMulticast(now, flow, edges, [1], out _));
        now += Duration.FromMilliseconds(1);
        Confirm(layer, now, 1, 2);

        // The end of the first message and the second go to the other two; the second tells the first destination, by itself, to join anew.
        Assert.Equal([(0x54, 0b1100), (0x56, 0b1100), (0x5F, 0b0010)], Poll(layer, now, 10));
    }

    /// <summary>An origin that says where to go on, and means a place that lies behind.</summary>
    [Fact]
    public void ToJoinAnewBehindWhatWasTakenIsAContradiction()
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        var buffer = new byte[TransportLimits.MaxTransmit];
        void Arrive(ulong sequence, ulong prior, bool joinsAnew)
        {
            var writer = new WireWriter(buffer);
            new MulticastSegmentHeader
            {
                OriginEpoch = new BootEpoch(3),
                Flow = 1,
                Sequence = sequence,
                IsDirect = true,
                Part = MessagePart.Whole,
                JoinsAnew = joinsAnew,
            }.Write(ref writer);
            writer.WriteVarInt(MulticastSegmentHeader.ReachOf(sequence, prior, opens: true));
            layer.HandlePacket(MonoTime.Zero, new NodeId(2), ServiceClass.Signal, MonoTime.Never, false, writer.Written);
        }

        Arrive(0, 0, joinsAnew: false);
        Arrive(4, 3, joinsAnew: false);
        Arrive(9, 6, joinsAnew: true);
        Arrive(9, 6, joinsAnew: true);
        Arrive(4, 3, joinsAnew: false);
        Assert.Equal(3, layer.Counters.Drops(TransportDrop.Duplicate));
        Arrive(12, 8, joinsAnew: true);
        Assert.Equal(1, layer.Counters.Drops(TransportDrop.Contradiction));
        Assert.True(layer.TryReceive(MonoTime.Zero, out _) && layer.TryReceive(MonoTime.Zero, out _));
        Assert.False(layer.TryReceive(MonoTime.Zero, out _));
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((FlowEndReason.Rejected, 0), (happened.Reason, layer.ReceiveBytes));
    }

    /// <summary>What goes out: the type of each packet, and the edges that it is for, each a bit.</summary>
    private static List<(int Type, int Edges)> Poll(TransportLayer layer, MonoTime now, int packets)
    {
        var gate = ClassGate.AllOpen;
        var buffer = new byte[TransportLimits.MaxTransmit];
        var found = new List<(int, int)>();
        while (found.Count < packets && layer.TryPollTransmit(now, ref gate, buffer, out var transmit, out _))
            found.Add((buffer[0], transmit.Targets?.Bits[0] ?? 1 << transmit.Destination.Value));
        return found;
    }

    private static void Confirm(TransportLayer layer, MonoTime now, ushort node, ulong next)
    {
        var writer = new WireWriter(new byte[64]);
        MulticastConfirmEntry.WriteHead(ref writer, new BootEpoch(7), new BootEpoch(1));
        new MulticastConfirmEntry { Flow = 0, Next = next, Credit = 1_000 }.Write(ref writer, []);
        layer.HandlePacket(now, new NodeId(node), ServiceClass.Control, MonoTime.Never, false, writer.Written);
    }
}
