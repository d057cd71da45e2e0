using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>The edges of a flow's life: what late, repeated and foreign packets may do to it.</summary>
public sealed class FlowLifeTests
{
    private static readonly NodeId Peer = new(7);
    private static readonly BootEpoch Self = new(50);
    private static readonly BootEpoch PeerLife = new(20);
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private MonoTime _now = MonoTime.FromSeconds(100);

    [Fact]
    public void ALateOpeningPacketOfAClosedFlowDeliversNothing()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        var open = Stream(PeerLife, 0, BootEpoch.None, 0);
        Hand(layer, open);
        Assert.True(layer.TryReceive(_now, out _));
        Hand(layer, EndNotice(PeerLife, 0), ServiceClass.Control);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.InboundEnded, FlowEndReason.Closed), (happened.Kind, happened.Reason));
        Assert.Equal(0, layer.InboundCount);
        Drain(layer);

        Hand(layer, open);
        Assert.False(layer.TryReceive(_now, out _));
        Assert.Equal(0, layer.InboundCount);
        Assert.True(ResetPacket.TryRead(Assert.Single(Drain(layer)), out var reset));
        Assert.Equal(ResetReason.Unknown, reset.Reason);
    }

    [Fact]
    public void AnEndThatOvertakesItsFlowKeepsTheFlowShut()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        Hand(layer, EndNotice(PeerLife, 3), ServiceClass.Control);
        Hand(layer, Stream(PeerLife, 3, BootEpoch.None, 0));
        Assert.False(layer.TryReceive(_now, out _));
    }

    [Fact]
    public void FlowsThatOpenOutOfOrderAllOpen()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        foreach (var number in new uint[] { 5, 1, 4, 0, 200, 2, 3, 100 })
        {
            Hand(layer, Stream(PeerLife, number, BootEpoch.None, 0));
            Assert.True(layer.TryReceive(_now, out var message));
            Assert.Equal(number, message.Flow.Number);
        }
    }

    [Fact]
    public void ANumberBelowTheWindowIsRefusedAndNotOpened()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        Hand(layer, Stream(PeerLife, 10 + TransportLimits.FlowNumberWindow, BootEpoch.None, 0));
        Assert.True(layer.TryReceive(_now, out _));
        Hand(layer, Stream(PeerLife, 10, BootEpoch.None, 0));
        Assert.False(layer.TryReceive(_now, out _));
        Hand(layer, Stream(PeerLife, 11, BootEpoch.None, 0));
        Assert.True(layer.TryReceive(_now, out _));
    }

    [Fact]
    public void AnOriginsNewLifeEndsItsOldFlowsAndItsOldPacketsAreNothing()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        Hand(layer, Stream(PeerLife, 0, BootEpoch.None, 0));
        Hand(layer, Stream(new BootEpoch(21), 0, BootEpoch.None, 0));

        // What had arrived whole from the life before was confirmed, and is still handed out; then that flow is over.
        Assert.True(layer.TryReceive(_now, out var first));
        Assert.Equal(PeerLife, first.Flow.Epoch);
        Assert.True(layer.TryReceive(_now, out var second));
        Assert.Equal(new BootEpoch(21), second.Flow.Epoch);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((FlowEndReason.Restarted, PeerLife), (happened.Reason, happened.Inbound.Epoch));

        Hand(layer, Stream(PeerLife, 1, BootEpoch.None, 0));
        Assert.False(layer.TryReceive(_now, out _));
        Assert.Equal(1, layer.Counters.Drops(TransportDrop.StaleLife));
    }

    [Fact]
    public void AFlowBoundToAnotherLifeOfThisNodeIsResetAndItsGhostGoes()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        Hand(layer, Stream(PeerLife, 0, BootEpoch.None, 0));
        Hand(layer, Stream(PeerLife, 0, new BootEpoch(49), 1));
        Assert.Contains(Drain(layer), packet => ResetPacket.TryRead(packet, out var reset) && reset.DestinationEpoch == Self);
        Assert.True(layer.TryReceive(_now, out _));
        Assert.False(layer.TryReceive(_now, out _));
        Assert.True(layer.TryPollEvent(out _));
        Assert.Equal(0, layer.InboundCount);
    }

    [Fact]
    public void OneFlowTooManyIsRefusedForGood()
    {
        var layer = new TransportLayer(Self, new TransportOptions { MaxInboundFlowsPerOrigin = 2 });
        for (var number = 0u; number < 3; number++)
            Hand(layer, Stream(PeerLife, number, BootEpoch.None, 0));
        Assert.Equal(2, layer.InboundCount);
        Assert.Equal(1, layer.Counters.Drops(TransportDrop.TooManyFlows));
        Assert.Contains(Drain(layer), packet => ResetPacket.TryRead(packet, out var reset) && reset is { Reason: ResetReason.NoRoom, Flow: 2 });

        Hand(layer, EndNotice(PeerLife, 0), ServiceClass.Control);
        while (layer.TryReceive(_now, out _) || layer.TryPollEvent(out _))
        {
        }

        Hand(layer, Stream(PeerLife, 2, BootEpoch.None, 0));
        Assert.Equal(1, layer.InboundCount);
    }

    [Fact]
    public void ContradictingSegmentsEndTheirFlow()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        Hand(layer, Stream(PeerLife, 0, BootEpoch.None, 0, begins: true, ends: false, messageLength: 5_000));
        Hand(layer, Stream(PeerLife, 0, BootEpoch.None, 1));
        Assert.False(layer.TryReceive(_now, out _));
        Assert.Equal(1, layer.Counters.Drops(TransportDrop.Contradiction));
        Assert.Contains(Drain(layer), packet => ResetPacket.TryRead(packet, out var reset) && reset.Reason == ResetReason.Refused);
        Assert.Equal(0, layer.ReceiveBytes);
    }

    [Fact]
    public void OnlyTheBoundLifeOrALaterOneCanBreakAFlow()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        var flow = OpenAndBind(layer);
        Hand(layer, Reset(Self, 0, new BootEpoch(19), ResetReason.Unknown), ServiceClass.Control);
        Hand(layer, Reset(new BootEpoch(49), 0, PeerLife, ResetReason.Unknown), ServiceClass.Control);
        Hand(layer, Reset(Self, 1, PeerLife, ResetReason.Unknown), ServiceClass.Control);
        Hand(layer, Reset(Self, 0, PeerLife, ResetReason.NoRoom), ServiceClass.Control);
        Assert.Equal(SendResult.Accepted, layer.Send(_now, flow, [1], out _));

        Hand(layer, Reset(Self, 0, PeerLife, ResetReason.Unknown), ServiceClass.Control);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.FlowBroken, FlowEndReason.Forgotten, 1UL), (happened.Kind, happened.Reason, happened.Messages));
        Assert.Equal(SendResult.Closed, layer.Send(_now, flow, [1], out _));
        Assert.Equal(0, layer.SendBytes);
    }

    [Fact]
    public void AnyPacketOfALaterLifeBreaksTheFlowAtOnce()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        OpenAndBind(layer);
        Hand(layer, Stream(new BootEpoch(21), 0, BootEpoch.None, 0));
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.FlowBroken, FlowEndReason.Restarted), (happened.Kind, happened.Reason));
    }

    [Fact]
    public void AConfirmOfWhatWasNeverSentIsIgnored()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        OpenAndBind(layer);
        Hand(layer, Confirm(0, next: 2), ServiceClass.Control);
        Hand(layer, Confirm(0, next: 1, new SegmentRange(1, 1)), ServiceClass.Control);
        Assert.Equal(2, layer.Counters.Drops(TransportDrop.Contradiction));
        Assert.False(layer.TryPollEvent(out _));
    }

    [Fact]
    public void RevokingANodeBreaksItsFlows()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        OpenAndBind(layer);
        Hand(layer, Stream(PeerLife, 0, BootEpoch.None, 0));
        layer.Revoke(_now, Peer);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.FlowBroken, FlowEndReason.Revoked), (happened.Kind, happened.Reason));
        Assert.True(layer.TryReceive(_now, out _));
        Assert.True(layer.TryPollEvent(out happened));
        Assert.Equal((TransportEventKind.InboundEnded, FlowEndReason.Revoked), (happened.Kind, happened.Reason));
    }

    [Fact]
    public void AnIdleFlowShowsThatItLivesAndIsNotForgotten()
    {
        var net = new TransportNet(1);
        var traffic = new StreamTraffic(net, 1);
        var flow = traffic.Open(0, 1, ServiceClass.Signal, 3, close: false);
        net.RunFor(Duration.FromSeconds(3 * 3_600));
        Assert.Equal(1, net.Layers[1].InboundCount);
        flow.Messages = 6;
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(6UL, flow.Confirmed);
    }

    [Fact]
    public void ASilentFlowIsForgottenAndItsOriginIsTold()
    {
        var net = new TransportNet(2);
        var traffic = new StreamTraffic(net, 2);
        var flow = traffic.Open(0, 1, ServiceClass.Signal, 3, close: false);
        net.RunFor(Duration.FromSeconds(1));
        net.Pipe.IsCut = true;
        net.RunFor(TransportLimits.StreamIdle + TransportLimits.KeepAlive);
        Assert.Equal(0, net.Layers[1].InboundCount);
        net.Pipe.IsCut = false;
        flow.Messages = 4;
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(FlowEndReason.Forgotten, flow.Broken);
        Assert.Equal(3UL, flow.Confirmed);
    }

    [Fact]
    public void ARestartedDestinationIsFoundOutByTheNextMessage()
    {
        var net = new TransportNet(3);
        var traffic = new StreamTraffic(net, 3);
        var flow = traffic.Open(0, 1, ServiceClass.Signal, 3, close: false);
        net.RunFor(Duration.FromSeconds(1));
        net.Restart(1);
        flow.Messages = 4;
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal((FlowEndReason.Restarted, 3UL), (flow.Broken, flow.Confirmed));
    }

    [Fact]
    public void ASegmentThatWaitsForMemoryIsTakenWhenSomeIsFreed()
    {
        var layer = new TransportLayer(Self, new TransportOptions { ReceiveMemory = 4 << 20, ReceiveMemoryPerOrigin = 4 << 20 });
        for (var flow = 0u; flow < 2; flow++)
            Hand(layer, Stream(PeerLife, flow, BootEpoch.None, 0, begins: true, ends: false, messageLength: 1 << 20));
        Hand(layer, Stream(PeerLife, 2, BootEpoch.None, 0, begins: true, ends: false, messageLength: 1 << 19));
        Hand(layer, Stream(PeerLife, 3, BootEpoch.None, 1, begins: true, ends: false, messageLength: 1 << 20));
        Hand(layer, Stream(PeerLife, 3, BootEpoch.None, 0));
        Assert.Equal(1u, LastConfirmed(layer, flow: 3));

        Hand(layer, EndNotice(PeerLife, 0), ServiceClass.Control);
        Assert.Equal(2u, LastConfirmed(layer, flow: 3));
    }

    [Fact]
    public void NumbersDoNotRunAwayFromAFlowThatHasNoAnswerYet()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        layer.OpenStream(Peer, ServiceClass.Signal, 0, 0, out var unanswered);
        Assert.Equal(SendResult.Accepted, layer.Send(_now, unanswered, [1], out _));
        for (var number = 1u; number < TransportLimits.FlowNumberWindow; number++)
        {
            layer.OpenStream(Peer, ServiceClass.Signal, 0, 0, out var next);
            Assert.Equal(SendResult.Accepted, layer.Send(_now, next, [1], out _));
            layer.Close(_now, next);
            Drain(layer);
            Hand(layer, Confirm(number, next: 1), ServiceClass.Control);
            Hand(layer, Reset(Self, number, PeerLife, ResetReason.Unknown), ServiceClass.Control);
            while (layer.TryPollEvent(out _))
            {
            }
        }

        layer.OpenStream(Peer, ServiceClass.Signal, 0, 0, out var blocked);
        Assert.Equal(SendResult.WouldBlock, layer.Send(_now, blocked, [1], out _));
        Hand(layer, Confirm(0, next: 1), ServiceClass.Control);
        var happened = new List<(FlowHandle, TransportEventKind)>();
        while (layer.TryPollEvent(out var one))
            happened.Add((one.Flow, one.Kind));
        Assert.Contains((blocked, TransportEventKind.FlowWritable), happened);
        Assert.Equal(SendResult.Accepted, layer.Send(_now, blocked, [1], out _));
    }

    [Fact]
    public void AnswersAreBoundedWhateverComes()
    {
        var layer = new TransportLayer(Self, TransportOptions.Default);
        var answers = 0;
        for (var i = 0u; i < 5_000; i++)
        {
            Hand(layer, Stream(PeerLife, i, Self, 0));
            answers += Drain(layer).Count;
        }

        Assert.InRange(answers, 1, TransportLimits.ResetsPerSecond);
        _now += Duration.FromSeconds(1);
        Hand(layer, Stream(PeerLife, 1, Self, 0));
        Assert.Single(Drain(layer));
    }

    private FlowHandle OpenAndBind(TransportLayer layer)
    {
        Assert.Equal(OpenResult.Opened, layer.OpenStream(Peer, ServiceClass.Signal, 0, 0, out var flow));
        Assert.Equal(SendResult.Accepted, layer.Send(_now, flow, [1, 2, 3], out _));
        Assert.Single(Drain(layer));
        Hand(layer, Confirm(0, next: 1), ServiceClass.Control);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal((TransportEventKind.Confirmed, 1UL), (happened.Kind, happened.Messages));
        return flow;
    }

    private void Hand(TransportLayer layer, byte[] packet, ServiceClass serviceClass = ServiceClass.Signal) =>
        layer.HandlePacket(_now, Peer, serviceClass, MonoTime.Never, false, packet);

    private List<byte[]> Drain(TransportLayer layer)
    {
        var gate = ClassGate.AllOpen;
        var packets = new List<byte[]>();
        while (layer.TryPollTransmit(_now, ref gate, _buffer, out _, out var length))
            packets.Add(_buffer.AsSpan(0, length).ToArray());
        return packets;
    }

    private uint LastConfirmed(TransportLayer layer, uint flow)
    {
        _now += TransportLimits.ConfirmDelay;
        layer.HandleTimeout(_now);
        Span<SegmentRange> ranges = new SegmentRange[ConfirmFrame.MaxRanges];
        var next = 0u;
        foreach (var packet in Drain(layer))
        {
            if (ConfirmFrame.TryRead(packet, ranges, out var frame, out _) && frame.Flow == flow)
                next = frame.Next;
        }

        return next;
    }

    private static byte[] Stream(
        BootEpoch origin, uint flow, BootEpoch destination, uint sequence, bool begins = true, bool ends = true, int messageLength = 0)
    {
        var writer = new WireWriter(new byte[64]);
        new StreamHeader
        {
            OriginEpoch = origin,
            Flow = flow,
            DestinationEpoch = destination,
            Sequence = sequence,
            Part = new(begins, ends, messageLength),
        }.Write(ref writer);
        writer.WriteByte(1);
        return writer.Written.ToArray();
    }

    private static byte[] EndNotice(BootEpoch origin, uint flow) =>
        Write(new ResetPacket { FromOrigin = true, OriginEpoch = origin, Flow = flow, DestinationEpoch = Self, Reason = ResetReason.Unknown });

    private static byte[] Reset(BootEpoch origin, uint flow, BootEpoch destination, ResetReason reason) =>
        Write(new ResetPacket { OriginEpoch = origin, Flow = flow, DestinationEpoch = destination, Reason = reason });

    private static byte[] Write(in ResetPacket reset)
    {
        var writer = new WireWriter(new byte[ResetPacket.MaxLength]);
        reset.Write(ref writer);
        return writer.Written.ToArray();
    }

    private static byte[] Confirm(uint flow, uint next, params SegmentRange[] ranges)
    {
        var writer = new WireWriter(new byte[ConfirmFrame.MaxLength]);
        new ConfirmFrame { OriginEpoch = Self, Flow = flow, DestinationEpoch = PeerLife, Next = next, Credit = 100 }.Write(ref writer, ranges);
        return writer.Written.ToArray();
    }
}
