using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>A destination that lies about a multicast flow, and an origin that does: nobody else is harmed, and nothing grows.</summary>
public sealed class MulticastAbuseTests
{
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private TransportLayer _layer = new(new BootEpoch(1), TransportOptions.Default);
    private readonly EdgeSet _edges = new();
    private MonoTime _now = MonoTime.FromSeconds(10);
    private byte[] _sent = [];

    public MulticastAbuseTests()
    {
        for (ushort edge = 1; edge <= 3; edge++)
        {
            _layer.SetEdge(edge, new NodeId(edge));
            _edges.Add(edge);
        }

        _layer.SetEdge(4, new NodeId(4), isSelf: true);
    }

    [Fact]
    public void AConfirmationOfWhatWasNeverSentIsRefused()
    {
        _layer.OpenMulticast(ServiceClass.Signal, 0, out var flow);
        for (var i = 0; i < 5; i++)
            _layer.SendMulticast(_now, flow, _edges, new byte[10], out _);
        Poll();
        Confirm(1, 6);
        Confirm(1, ulong.MaxValue >> 2);
        Confirm(1, 3, new SequenceRange(4, 6));
        Assert.Equal(3, _layer.Counters.Drops(TransportDrop.Contradiction));
        Confirm(1, 5);
        Confirm(1, 4);
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.Duplicate));
        Assert.Equal(5 * SegmentPool.PlaceBytes, _layer.SendBytes);
        Confirm(2, 5);
        Confirm(3, 5);
        Assert.Equal(0, _layer.SendBytes);
        Assert.True(_layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.Confirmed, 5UL), (happened.Kind, happened.Messages));
    }

    [Fact]
    public void AnyConfirmationsDoNoHarmToTheOthers()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var random = new SimRandom(seed);
            _layer.OpenMulticast(ServiceClass.Signal, 0, out var flow);
            for (var step = 0; step < 200; step++)
            {
                _layer.SendMulticast(_now, flow, _edges, new byte[random.Below(3_000)], out _);
                Poll();
                for (var i = random.Below(4); i > 0; i--)
                {
                    var first = (ulong)random.Below(2 * step + 2);
                    Span<SequenceRange> ranges = [new(first + 2, first + 3 + (ulong)random.Below(4)), new(first + 9, first + 10)];
                    Confirm((ushort)(1 + random.Below(2)), first, ranges[..random.Below(3)].ToArray(), (uint)seed - 1, random.Below(1_000));
                }

                _now += Duration.FromMilliseconds(random.Below(60));
                _layer.HandleTimeout(_now);
            }

            // The third said nothing and lost nothing: all of it is still kept for it, or it was let go with an event.
            var lost = false;
            while (_layer.TryPollEvent(out var happened))
            {
                lost |= happened.Kind == TransportEventKind.DestinationLost && happened.Destination == new NodeId(3);
                Assert.True(happened.Kind != TransportEventKind.Confirmed || happened.Messages == 0 || lost, $"seed {seed}: confirmed {happened.Messages} without the third");
            }

            for (ushort node = 1; node <= 3; node++)
                _layer.Revoke(_now, new NodeId(node));
            Assert.Equal(0, _layer.SendBytes);
            _layer.Close(_now, flow);
            Poll();
            while (_layer.TryPollEvent(out _))
            {
            }
        }
    }

    /// <summary>Section 7.5: an origin whose priors contradict what it sent before.</summary>
    [Theory]
    [InlineData(5, 2)]
    [InlineData(5, 0)]
    [InlineData(3, 0)]
    public void AContradictionEndsTheFlow(int sequence, int prior)
    {
        Arrive(0, 0);
        Arrive(1, 1);
        Arrive(2, 2);
        Arrive((ulong)sequence, (ulong)prior);
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.Contradiction));
        for (var i = 0; i < 3; i++)
            Assert.True(_layer.TryReceive(_now, out _));
        Assert.False(_layer.TryReceive(_now, out _));
        Assert.True(_layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.InboundEnded, FlowEndReason.Rejected), (happened.Kind, happened.Reason));
        Assert.Equal(0, _layer.ReceiveBytes);
    }

    /// <summary>
    /// Section 7.5: a multicast reaches up to 256 nodes, and who sent it may have named any origin. So what it cannot open is
    /// answered once in a second, while what comes to this node alone is each time.
    /// </summary>
    [Fact]
    public void WhatCameByMulticastHardlyMakesAnybodyAnswerWhomItNames()
    {
        for (var step = 0u; step < 500; step++)
        {
            Arrive(5, 4, step, opens: false);
            _now += Duration.FromMilliseconds(6);
        }

        Assert.Equal(500, _layer.Counters.Drops(TransportDrop.UnknownFlow));
        Assert.Equal(497, _layer.Counters.Drops(TransportDrop.AnswerBudget));
        Assert.Equal(3, Sent());
        Arrive(5, 4, flow: 1, opens: false, isDirect: true);
        Assert.Equal(1, Sent());

        _layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default with { MaxInboundFlowsPerOrigin = 1 });
        _layer.SetEdge(4, new NodeId(4), isSelf: true);
        Arrive(0, 0);
        _now += TransportLimits.ConfirmDelay;
        _layer.HandleTimeout(_now);
        Assert.Equal(1, Sent());
        Arrive(0, 0, 500);
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.TooManyFlows));
        Assert.Equal(0, Sent());
        Arrive(0, 0, 500, isDirect: true);
        Assert.Equal(1, Sent());
        Assert.True(ResetPacket.TryRead(_sent, out var reset));
        Assert.Equal((ResetReason.NoRoom, 500u + MulticastSegmentHeader.NumberBase), (reset.Reason, reset.Flow));
    }

    [Fact]
    public void WhatNobodyWaitsForIsBounded()
    {
        for (var i = 0UL; i < 5_000; i++)
            Arrive(10 + (2 * i), 9 + (2 * i));
        Assert.InRange(_layer.ReceiveBytes, 0, MulticastLimits.ReceiveWindow * (SegmentPool.PlaceBytes + 200L));
        Assert.True(_layer.Counters.Drops(TransportDrop.BeyondCredit) > 3_000);
        Assert.False(_layer.TryReceive(_now, out _));
        Poll();
    }

    [Fact]
    public void MisuseByTheApplicationIsRefusedWhole()
    {
        _layer.OpenMulticast(ServiceClass.Bulk, 0, out var flow);
        _edges.Add(900);
        Assert.Equal(SendResult.UnknownEdge, _layer.SendMulticast(_now, flow, _edges, [1], out _));
        Assert.Equal(0, _layer.SendBytes);
        for (ushort edge = 1_000; edge < 1_000 + MulticastLimits.MaxDestinations; edge++)
        {
            _layer.SetEdge(edge, new NodeId(edge));
            _edges.Add(edge);
        }

        _edges.Remove(900);
        Assert.Equal(SendResult.TooManyDestinations, _layer.SendMulticast(_now, flow, _edges, [1], out _));
        Assert.Equal(SendResult.TooLong, _layer.SendMulticast(_now, flow, _edges, new byte[WireLimits.MaxMessage + 1], out _));
        Assert.Equal(0, _layer.SendBytes);
        Assert.Equal(SendResult.Closed, _layer.SendMulticast(_now, FlowHandle.None, _edges, [1], out _));
    }

    private void Arrive(ulong sequence, ulong prior, uint flow = 1, bool opens = true, bool isDirect = false)
    {
        var writer = new WireWriter(_buffer);
        new MulticastSegmentHeader { OriginEpoch = new BootEpoch(3), Flow = flow, Sequence = sequence, Part = MessagePart.Whole, IsDirect = isDirect }.Write(ref writer);
        writer.WriteVarInt(MulticastSegmentHeader.ReachOf(sequence, prior, opens));
        if (isDirect)
        {
            _layer.HandlePacket(_now, new NodeId(2), ServiceClass.Signal, MonoTime.Never, false, writer.Written);
            return;
        }

        writer.WriteByte(0);
        _layer.HandleMulticastPacket(_now, new NodeId(2), ServiceClass.Signal, MonoTime.Never, false, writer.Written);
    }

    /// <summary>How many packets go out now; the last is kept.</summary>
    private int Sent()
    {
        var gate = ClassGate.AllOpen;
        var sent = 0;
        for (; _layer.TryPollTransmit(_now, ref gate, _buffer, out _, out var length); sent++)
            _sent = _buffer.AsSpan(0, length).ToArray();
        return sent;
    }

    private void Confirm(ushort node, ulong next, params SequenceRange[] ranges) => Confirm(node, next, ranges, 0, 1_000);

    private void Confirm(ushort node, ulong next, SequenceRange[] ranges, uint flow, int credit)
    {
        var writer = new WireWriter(_buffer);
        MulticastConfirmEntry.WriteHead(ref writer, new BootEpoch(7), new BootEpoch(1));
        new MulticastConfirmEntry { Flow = flow, Next = next, Credit = credit }.Write(ref writer, ranges);
        _layer.HandlePacket(_now, new NodeId(node), ServiceClass.Control, MonoTime.Never, false, writer.Written);
    }

    private void Poll()
    {
        var gate = ClassGate.AllOpen;
        var polls = 0;
        while (_layer.TryPollTransmit(_now, ref gate, _buffer, out _, out _))
            Assert.True(++polls < 10_000, "The transport sends without end.");
    }
}
