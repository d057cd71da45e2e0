using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>From whom a destination takes what comes of a Realtime flow to many, and that it answers nobody. docs/wire-format.md, sections 7.4 and 7.5.</summary>
public sealed class RealtimeMulticastOriginTests
{
    private static readonly NodeId Origin = new(2);

    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private readonly TransportLayer _layer = new(new BootEpoch(1), TransportOptions.Default with { MaxInboundFlows = 3 });
    private MonoTime _now = MonoTime.FromSeconds(10);

    [Fact]
    public void FlowsOfTwoOriginsAndOfOneAndOfManyAreNotTakenForEachOther()
    {
        Arrive(Origin, flow: 0, sequence: 0, isMulticast: true);
        Arrive(new NodeId(3), flow: 0, sequence: 0, isMulticast: true);
        Arrive(Origin, flow: 0, sequence: 0, isMulticast: false);
        Arrive(Origin, flow: 0, sequence: 0, isMulticast: true);
        Assert.Equal(3, _layer.InboundCount);
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.Duplicate));
        var flows = new HashSet<FlowId>();
        while (_layer.TryReceive(_now, out var message))
            flows.Add(message.Flow);
        Assert.Equal(
            [new(Origin, new BootEpoch(5), 0), new(Origin, new BootEpoch(5), MulticastSegmentHeader.NumberBase), new(new NodeId(3), new BootEpoch(5), MulticastSegmentHeader.NumberBase)],
            flows.OrderBy(flow => flow.Origin.Value).ThenBy(flow => flow.Number));
    }

    [Fact]
    public void ANumberOfTheOtherKindIsRefused()
    {
        Arrive(Origin, MulticastSegmentHeader.NumberBase, sequence: 0, isMulticast: false);
        Arrive(Origin, MulticastSegmentHeader.NumberBase, sequence: 0, isMulticast: true);
        Assert.Equal((2, 0), (_layer.Counters.Drops(TransportDrop.Malformed), _layer.InboundCount));
    }

    [Fact]
    public void AnotherClassAnEarlierLifeAndAPassedDeadlineAreRefused()
    {
        Arrive(Origin, 0, 0, isMulticast: true, ServiceClass.Signal);
        Arrive(Origin, 0, 1, isMulticast: true);
        Arrive(Origin, 0, 2, isMulticast: true, life: 4);
        Arrive(Origin, 0, 3, isMulticast: true, left: Duration.FromMilliseconds(-1));
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.WrongClass));
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.StaleLife));
        Assert.Equal(1, _layer.Counters.Drops(TransportDrop.Late));
        Assert.Equal(1, Take());
    }

    /// <summary>Who may open no flow is let go of in silence: were all destinations to answer, the origin would drown.</summary>
    [Fact]
    public void NobodyIsAnsweredAndNothingIsReported()
    {
        for (var flow = 0u; flow < 10; flow++)
            Arrive(Origin, flow, 0, isMulticast: true);
        Assert.Equal(7, _layer.Counters.Drops(TransportDrop.TooManyFlows));
        Assert.Equal(3, Take());
        Assert.Equal(0, Poll());
        for (var i = 0; i < 20; i++)
        {
            _now += Duration.FromMilliseconds(100);
            _layer.HandleTimeout(_now);
            Arrive(Origin, 0, 1 + (uint)i, isMulticast: true);
            Assert.Equal(0, Poll());
        }

        // The same packet by unicast is reported.
        _now += TransportLimits.RealtimeIdle;
        _layer.HandleTimeout(_now);
        while (_layer.TryPollEvent(out _) || _layer.TryReceive(_now, out _))
        {
        }

        Arrive(Origin, 0, 0, isMulticast: false);
        _now += Duration.FromMilliseconds(200);
        _layer.HandleTimeout(_now);
        Assert.Equal(1, Poll());
        Assert.Equal(1, _layer.Counters.ReportsSent);
    }

    [Fact]
    public void ARemovedOriginIsHeardAgainWhenItsCopiesAreLate()
    {
        Arrive(Origin, 0, 0, isMulticast: true, left: TransportLimits.MaxDeadline);
        Assert.Equal(1, Take());
        _layer.Revoke(_now, Origin);
        Assert.True(_layer.TryPollEvent(out var ended));
        Assert.Equal((TransportEventKind.InboundEnded, FlowEndReason.Revoked), (ended.Kind, ended.Reason));

        // A copy of what was taken finds a closed door for as long as it may be in time.
        var until = _now + TransportLimits.MaxDeadline;
        for (; _now <= until; _now += Duration.FromSeconds(1))
            Arrive(Origin, 0, 0, isMulticast: true, left: until - _now);
        Assert.Equal((0, 0, 0), (Take(), _layer.InboundCount, Poll()));

        // Then the same flow of the same life is taken again, where the node is a member again.
        _now += TransportLimits.RealtimeBar;
        Arrive(Origin, 0, 900, isMulticast: true);
        Assert.Equal(1, Take());
    }

    /// <summary>The numbers of flows to one and to many are decided apart: a removal of a flow to many closes no door for those to one.</summary>
    [Fact]
    public void FlowsToOneOpenAfterTheRemovalOfAnOriginThatHadOnesToMany()
    {
        Arrive(Origin, 7, 0, isMulticast: true);
        Assert.Equal(1, Take());
        _layer.Revoke(_now, Origin);
        Assert.True(_layer.TryPollEvent(out _));
        Arrive(Origin, 1, 0, isMulticast: false);
        Assert.Equal((1, 1), (Take(), _layer.InboundCount));
    }

    private void Arrive(
        NodeId origin, uint flow, uint sequence, bool isMulticast, ServiceClass serviceClass = ServiceClass.Realtime, uint life = 5, Duration? left = null)
    {
        var writer = new WireWriter(_buffer);
        new RealtimeHeader { OriginEpoch = new BootEpoch(life), Flow = flow, Sequence = sequence, Count = 1 }.Write(ref writer);
        writer.WriteByte(1);
        var deadline = _now + (left ?? Duration.FromMilliseconds(200));
        if (isMulticast)
            _layer.HandleMulticastPacket(_now, origin, serviceClass, deadline, false, writer.Written);
        else
            _layer.HandlePacket(_now, origin, serviceClass, deadline, false, writer.Written);
    }

    private int Take()
    {
        var taken = 0;
        while (_layer.TryReceive(_now, out _))
            taken++;
        return taken;
    }

    private int Poll()
    {
        var gate = ClassGate.AllOpen;
        var polls = 0;
        while (_layer.TryPollTransmit(_now, ref gate, _buffer, out _, out _))
            polls++;
        return polls;
    }
}
