using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The origin's end of a Realtime flow to many edges. A packet is kept once and goes out once for each set of 256 edges;
/// of a destination the flow knows its bit and whether it was one before, and no destination answers, so that a thousand cost no more
/// than one: docs/decisions/0019.
/// </summary>
internal sealed class RealtimeMulticast : RealtimeOrigin
{
    private readonly RealtimeFanout _fanout;
    private readonly AudienceTally _tally;
    private readonly MulticastTargets _targets = new();
    private readonly Queue<(NodeId Node, FlowEndReason Reason)> _lost = new();

    public RealtimeMulticast(
        OutboundFlows table, FlowHandle handle, TransportShared shared, Peers peers, EdgeSet audience, byte priority, Duration deadline)
        : base(table, handle, shared, peers.Group, peers.Group.Lane, priority, deadline)
    {
        _tally = new AudienceTally(peers, shared.Edges);
        var lane = peers.Group.LaneFor(MulticastSender.RouteToken, ServiceClass.Realtime, priority);
        lane.Users++;
        _fanout = new RealtimeFanout(this, lane, audience);
    }

    public bool HasQueued => Count > 0;

    /// <summary>From the next message on that begins to go out.</summary>
    public SendResult Add(ushort edge)
    {
        if (IsEnded || IsClosing)
            return SendResult.Closed;
        if (Shared.Edges.Judge(edge) is not SendResult.Accepted and var reason)
            return reason;
        _tally.Tell(_fanout.Audience);
        return _fanout.TryAdd(edge) ? SendResult.Accepted : SendResult.TooManyDestinations;
    }

    /// <summary>At once, also from what waits to be sent. False when the edge was no destination.</summary>
    public bool Remove(ushort edge)
    {
        _tally.Tell(_fanout.Audience);
        return _fanout.Remove(edge);
    }

    /// <summary>The node that stands at a place of the edge index will do so no longer, or may get no multicasts any more; the application is told.</summary>
    public void Lose(ushort edge, NodeId node, FlowEndReason reason)
    {
        if (!Remove(edge))
            return;
        if (!_lost.Any(lost => lost.Node == node))
            _lost.Enqueue((node, reason));
        Shared.Counters.DestinationsLost++;
        Shared.Events.Raise(this);
    }

    /// <summary>Writes the next copy.</summary>
    public bool TryTransmitCopy(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        DropExpired(now);
        while (Count > 0 && !_fanout.TryBegin(First - At(First).Index))
        {
            if (_fanout.HasBegunPacket)
                RemoveFirst();
            else
                DropFirstMessage(TransportDrop.NoAudience);
        }

        if (Count == 0)
        {
            EndIfDone(now);
            return false;
        }

        var segment = At(First);
        length = Write(First, new() { AudienceAge = _fanout.AgeAt(First) }, buffer);
        if (!_fanout.HasBegunPacket)
        {
            Shared.Counters.FragmentsSent++;
            Shared.Counters.BytesSent += segment.Length;
        }

        Shared.Counters.MulticastCopies++;
        transmit = new TransportTransmit(NodeId.None, MulticastSender.RouteToken, ServiceClass.Realtime, Priority, segment.Deadline) { Targets = _targets };
        if (!_fanout.TakeCopy(_targets))
            RemoveFirst();
        EndIfDone(now);
        return true;
    }

    public override bool TryTakeEvent(out TransportEvent happened)
    {
        if (!_lost.TryDequeue(out var lost))
            return base.TryTakeEvent(out happened);
        happened = new TransportEvent(TransportEventKind.DestinationLost, Handle, default, 0, lost.Reason) { Destination = lost.Node };
        return true;
    }

    protected override void ReleaseAll()
    {
        base.ReleaseAll();
        _tally.Tell(_fanout.Audience);
        Peer.LeaveLane(_fanout.Lane);
    }

    protected override void BeforeEnqueue(MonoTime now, int segments) => _tally.TellIfDue(now, _fanout.Audience);

    protected override void WakeItems() => Shared.Scheduler.Wake(_fanout);

    protected override bool IsOutAlready(uint sequence) => sequence == First && _fanout.HasBegunPacket;

    protected override void OnFirstRemoved()
    {
        _tally.Add(_fanout.HasBegunPacket);
        _fanout.EndPacket();
    }
}
