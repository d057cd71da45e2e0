using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>A Realtime flow to many: its audience, its copies, and what its destinations make of them. docs/wire-format.md, sections 7.4 and 7.5.</summary>
public sealed class RealtimeMulticastTests
{
    private static readonly Duration Deadline = Duration.FromMilliseconds(200);

    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];

    /// <summary>Everyone who is in the audience when a message is sent gets it, but for what the pipe took; nobody else does, ever.</summary>
    [Fact]
    public void TheAudienceOfTheMomentGetsAMessageOnceAndInTime()
    {
        for (var seed = 1UL; seed <= 120; seed++)
            Run(seed);

        static void Run(ulong seed)
        {
            var net = new TransportNet(seed, 2 + (int)(seed % 7), stride: 90);
            net.Pipe.Faults = seed % 4 == 0 ? PipeFaults.None : PipeFaults.Random(net.Random);
            var sent = new List<(MonoTime At, HashSet<int> To)>();
            var came = new HashSet<(int Node, ulong Id)>();
            net.Application = node =>
            {
                while (net.Layers[node].TryReceive(net.Now, out var message))
                {
                    var id = BinaryPrimitives.ReadUInt64BigEndian(message.Payload);
                    Assert.Equal((ServiceClass.Realtime, TransportNet.IdOf(0), net.Epochs[0]), (message.Class, message.Flow.Origin, message.Flow.Epoch));
                    Assert.True(message.Payload.SequenceEqual(Compose(seed, id)), $"seed {seed}: message {id} came damaged to {node}");
                    Assert.True(came.Add((node, id)), $"seed {seed}: message {id} came twice to {node}");
                    Assert.True(sent[(int)id].To.Contains(node), $"seed {seed}: message {id} came to {node}, which was not in the audience");
                    Assert.True(net.Now <= sent[(int)id].At + Deadline, $"seed {seed}: message {id} came late to {node}");
                }
            };
            var audience = new HashSet<int>();
            Assert.Equal(OpenResult.Opened, net.Layers[0].OpenRealtimeMulticast(new EdgeSet(), 5, Deadline, out var flow));
            for (var id = 0UL; id < 150; id++)
            {
                Change(net, flow, audience);
                sent.Add((net.Now, [.. audience]));
                Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, Compose(seed, id), out var number));
                Assert.Equal(id + 1, number);
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(20)));
            }

            net.RunFor(Duration.FromSeconds(10));
            var all = sent.SelectMany((message, id) => message.To.Select(node => (node, (ulong)id))).ToHashSet();
            Assert.True(!ReferenceEquals(net.Pipe.Faults, PipeFaults.None) || came.SetEquals(all), $"seed {seed}: {came.Count} of {all.Count} came over a good pipe");
            Assert.All(net.Layers, layer => Assert.Equal((0, 0, 0), (layer.JoinBytes, layer.ReceiveBytes, layer.SendBytes)));
            Assert.Equal(sent.Count(message => message.To.Count == 0), net.Layers[0].Counters.Drops(TransportDrop.NoAudience));
        }

        static void Change(TransportNet net, FlowHandle flow, HashSet<int> audience)
        {
            for (var node = 1; node < net.Layers.Length; node++)
            {
                if (!net.Random.Chance(0.2))
                    continue;
                if (audience.Add(node))
                    Assert.Equal(SendResult.Accepted, net.Layers[0].AddDestination(flow, net.EdgeOf(node)));
                else
                    Assert.Equal(audience.Remove(node), net.Layers[0].RemoveDestination(net.Now, flow, net.EdgeOf(node)));
            }
        }
    }

    /// <summary>Section 7.7: a thousand destinations that all lose some say nothing to the origin, and it keeps nothing of them.</summary>
    [Fact]
    public void AThousandDestinationsSayNothingToTheOrigin()
    {
        const int Destinations = 1_000;
        var net = new TransportNet(3, Destinations + 1, stride: 1);
        net.Pipe.Faults = new PipeFaults { Loss = 0.02, Mark = 0.1, Jitter = Duration.FromMilliseconds(10) };
        var edges = new EdgeSet();
        for (var node = 1; node <= Destinations; node++)
            edges.Add(net.EdgeOf(node));
        var came = 0;
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out _))
                came++;
        };
        Assert.Equal(OpenResult.Opened, net.Layers[0].OpenRealtimeMulticast(edges, 5, Deadline, out var flow));
        for (var i = 0; i < 50; i++)
        {
            net.Layers[0].Send(net.Now, flow, new byte[160], out _);
            net.RunFor(Duration.FromMilliseconds(20));
        }

        net.RunFor(Duration.FromSeconds(1));
        var origin = net.Layers[0].Counters;
        Assert.Equal((50, 200), (origin.FragmentsSent, origin.MulticastCopies));
        Assert.Equal((0, 0), (origin.PacketsReceived, net.UnicastSegments));
        Assert.Equal(0, net.Layers.Sum(layer => layer.Counters.PacketsSent) - origin.PacketsSent);
        Assert.InRange(came, Destinations * 50 * 0.97, Destinations * 50 * 0.99);
    }

    [Fact]
    public void AChangeHoldsFromTheNextMessageAndARemovalAtOnce()
    {
        var (layer, flow) = Open(1, 300, 600);
        Assert.Equal(SendResult.Accepted, layer.Send(MonoTime.Zero, flow, new byte[2_000], out _));
        Assert.Equal(SendResult.Accepted, layer.Send(MonoTime.Zero, flow, new byte[100], out _));
        Assert.Equal([1], Poll(layer));
        Assert.Equal(SendResult.Accepted, layer.AddDestination(flow, 2));
        Assert.True(layer.RemoveDestination(MonoTime.Zero, flow, 300));
        Assert.False(layer.RemoveDestination(MonoTime.Zero, flow, 300));
        Assert.Equal([600], Poll(layer));
        Assert.Equal([1], Poll(layer));
        Assert.Equal([600], Poll(layer));
        Assert.Equal([1, 2], Poll(layer));
        Assert.Equal([600], Poll(layer));
        Assert.Empty(Poll(layer));
        Assert.Equal((3, 6, 0), (layer.Counters.FragmentsSent, layer.Counters.MulticastCopies, layer.SendBytes));
    }

    /// <summary>The last destinations of a packet's further sets go while its copies do: the packet is done, and the next fragments go to who is left.</summary>
    [Fact]
    public void ASetThatEmptiesInTheMiddleOfAPacketIsPassedOver()
    {
        var (layer, flow) = Open(1, 300);
        layer.Send(MonoTime.Zero, flow, new byte[2_000], out _);
        Assert.Equal([1], Poll(layer));
        Assert.True(layer.RemoveDestination(MonoTime.Zero, flow, 300));
        Assert.Equal([1], Poll(layer));
        Assert.Empty(Poll(layer));
        Assert.Equal(0, layer.Counters.Drops(TransportDrop.NoAudience));

        layer.Send(MonoTime.Zero, flow, new byte[2_000], out _);
        Assert.Equal([1], Poll(layer));
        Assert.True(layer.RemoveDestination(MonoTime.Zero, flow, 1));
        Assert.Empty(Poll(layer));
        Assert.Equal((1, 0), (layer.Counters.Drops(TransportDrop.NoAudience), layer.SendBytes));
    }

    [Fact]
    public void WhatCannotGoInTimeIsCountedByReason()
    {
        var (layer, flow) = Open(1, 300);
        for (var i = 0; i < TransportLimits.RealtimeQueueSegments + 10; i++)
            Assert.Equal(SendResult.Accepted, layer.Send(MonoTime.Zero, flow, new byte[8], out _));
        Assert.Equal(10, layer.Counters.Drops(TransportDrop.SendQueueFull));
        Assert.Equal([1], Poll(layer));
        Assert.Empty(Poll(layer, MonoTime.Zero + Deadline + Deadline));
        Assert.Equal((1, TransportLimits.RealtimeQueueSegments - 1), (layer.Counters.Drops(TransportDrop.CopyShed), layer.Counters.Drops(TransportDrop.ExpiredBeforeSending)));
        Assert.Equal(0, layer.SendBytes);
        layer.Close(MonoTime.Zero, flow);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.FlowClosed, 0), (happened.Kind, layer.OutboundCount));
        Assert.Equal(SendResult.Closed, layer.AddDestination(flow, 2));
        Assert.False(layer.RemoveDestination(MonoTime.Zero, flow, 1));
    }

    [Fact]
    public void WhoLosesItsPlaceLeavesTheAudienceWithAnEvent()
    {
        var (layer, flow) = Open(1, 2, 3);
        layer.SetEdge(2, new NodeId(99));
        layer.SetEdge(5, new NodeId(4));
        layer.Revoke(MonoTime.Zero, new NodeId(2));
        var lost = new List<ushort>();
        while (layer.TryPollEvent(out var happened))
        {
            Assert.Equal((TransportEventKind.DestinationLost, flow, FlowEndReason.Revoked), (happened.Kind, happened.Flow, happened.Reason));
            lost.Add(happened.Destination.Value);
        }

        // The node at the place n has the number n + 1: number 3 lost its place to another, 4 has moved, 2 is revoked.
        Assert.Equal([3, 4, 2], lost);
        layer.Send(MonoTime.Zero, flow, [1], out _);
        Assert.Empty(Poll(layer));
        Assert.Equal(SendResult.Accepted, layer.AddDestination(flow, 2));
        layer.Send(MonoTime.Zero, flow, [1], out _);
        Assert.Equal([2], Poll(layer));
    }

    [Fact]
    public void MisuseByTheApplicationIsRefusedWhole()
    {
        var (layer, flow) = Open(1);
        var edges = new EdgeSet();
        edges.Add(1);
        edges.Add(999);
        Assert.Equal(OpenResult.UnknownEdge, layer.OpenRealtimeMulticast(edges, 5, Deadline, out var none));
        Assert.True(none.IsNone);
        Assert.Equal(SendResult.UnknownEdge, layer.AddDestination(flow, 999));
        Assert.Equal(SendResult.UnknownEdge, layer.AddDestination(flow, 1_000));
        for (var set = 1; set <= MulticastLimits.MaxSets; set++)
        {
            layer.SetEdge((ushort)((set * 256) + 200), new NodeId((ushort)(5_000 + set)));
            Assert.Equal(set < MulticastLimits.MaxSets ? SendResult.Accepted : SendResult.TooManyDestinations, layer.AddDestination(flow, (ushort)((set * 256) + 200)));
        }

        Assert.True(layer.RemoveDestination(MonoTime.Zero, flow, 1));
        Assert.Equal(SendResult.Accepted, layer.AddDestination(flow, (ushort)((MulticastLimits.MaxSets * 256) + 200)));
        layer.OpenMulticast(ServiceClass.Signal, 0, out var signal);
        Assert.Throws<ArgumentException>(() => layer.AddDestination(signal, 1));
        Assert.Throws<ArgumentException>(() => layer.SendMulticast(MonoTime.Zero, flow, edges, [1], out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.OpenRealtimeMulticast(edges, 5, Duration.Zero, out _));
        Assert.Equal(1, layer.OutboundCount - 1);
    }

    private static (TransportLayer Layer, FlowHandle Flow) Open(params ushort[] to)
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        var edges = new EdgeSet();
        for (ushort edge = 1; edge <= 700; edge++)
            layer.SetEdge(edge, new NodeId((ushort)(edge + 1)));
        layer.SetEdge(1_000, new NodeId(1), isSelf: true);
        foreach (var edge in to)
            edges.Add(edge);
        Assert.Equal(OpenResult.Opened, layer.OpenRealtimeMulticast(edges, 5, Deadline, out var flow));
        return (layer, flow);
    }

    /// <summary>The edges that the next copy goes to.</summary>
    private int[] Poll(TransportLayer layer, MonoTime now = default)
    {
        var gate = ClassGate.AllOpen;
        if (!layer.TryPollTransmit(now, ref gate, _buffer, out var transmit, out _))
            return [];
        Assert.Equal((ServiceClass.Realtime, (byte)5, MonoTime.Zero + Deadline), (transmit.Class, transmit.Priority, transmit.Deadline));
        var bits = transmit.Targets!.Bits.ToArray();
        return [.. Enumerable.Range(0, 256).Where(edge => (bits[edge >> 3] & (1 << (edge & 7))) != 0).Select(edge => (transmit.Targets.Set * 256) + edge)];
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
