using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The origin's end of a Signal or Bulk flow to many edges, each message to those that it names. It promises to each of
/// them what a stream promises to its one: every message for it once and in order, or an event that says how far it came.
/// <para>
/// One copy of a segment is kept for all until the last has confirmed it, and one packet crosses each link. Losses are
/// repaired to those that miss the segment. Segments go out as the windows of the destinations in step allow; who holds
/// the rest up leaves the multicast (<see cref="MulticastMember"/>) and is sent the same stored segments by unicast; who
/// is so far behind that the flow has no room for new messages, while others are not, is lost, with an event. So a slow
/// destination holds the others up for <see cref="MulticastLimits.Patience"/> and no longer. The flow has one timer for
/// all destinations, and each has one of its own only while it misses something.
/// </para>
/// </summary>
internal sealed class MulticastSender : OutboundFlow
{
    public const int RouteToken = 0;

    private readonly MulticastRoster _roster;
    private readonly MulticastCopies _copies;
    private readonly Queue<ulong> _repairs = new();
    private readonly MulticastPace _pace;
    private bool _wantsRoom;
    private bool _showsLife;
    private MonoTime _showLifeAt = MonoTime.Never;

    public MulticastSender(OutboundFlows table, FlowHandle handle, TransportShared shared, Peers peers, Lane lane, byte priority)
        : base(table, handle, shared, peers.Group, lane, priority)
    {
        Window = new MulticastWindow(shared);
        _roster = new MulticastRoster(shared, peers, this, lane.Class);
        _copies = new MulticastCopies(shared, this, _roster);
        _pace = new MulticastPace(this, _roster);
    }

    public MulticastWindow Window { get; }

    public ulong MessagesAccepted => Accepted;

    /// <summary>How many destinations the flow has; lost ones whose event was not taken and those that were taken out count.</summary>
    public int DestinationCount => _roster.Count;

    /// <summary>One past the last segment of which a copy may have been written.</summary>
    public ulong SendEnd => Window.Sent + (_copies.Kind == MulticastCopyKind.First ? 1u : 0);

    /// <summary>One past the last segment that was multicast to a destination in step, if it was for it.</summary>
    public ulong SentTo(MulticastMember member) =>
        Window.Sent + (_copies.Kind == MulticastCopyKind.First && !_copies.IsLeft(member.Slot) ? 1u : 0);

    public override bool WantsToSend =>
        !IsEnded && (!_copies.IsEmpty || _repairs.Count > 0 || _showsLife || (Window.HasUnsent && !_pace.IsHeldUp));

    public override SendResult Send(MonoTime now, ReadOnlySpan<byte> message, out ulong number) =>
        throw new InvalidOperationException("A multicast flow's message needs destinations: use SendMulticast.");

    /// <summary>Takes one copy of a message for all edges in the set, or nothing at all.</summary>
    public SendResult Send(MonoTime now, EdgeSet edges, ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        if (IsEnded || IsClosing)
            return SendResult.Closed;
        if (message.Length > WireLimits.MaxMessage)
            return SendResult.TooLong;
        var segments = MulticastMessage.SegmentsOf(message.Length);
        if (!HasRoomFor(segments) && !(_pace.TryLetGoOfLaggards(now) && HasRoomFor(segments)))
        {
            _wantsRoom = true;
            if (!Shared.SendMemory.HasRoomFor(segments))
                Shared.SendMemory.Block(this);
            return SendResult.WouldBlock;
        }

        if (!HasNumber)
            TakeNumber(Peer.NextFlowNumber++);
        var admitted = _roster.TryAdmit(now, edges, Window.End);
        if (admitted != SendResult.Accepted)
            return admitted;
        number = ++Accepted;
        Enqueue(now, edges, message, segments);
        Shared.Counters.MessagesAccepted++;
        AfterChange(now);
        return SendResult.Accepted;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(NodeId.None, Lane.RouteToken, Lane.Class, Priority, MonoTime.Never);
        length = 0;
        DropSettledCopies(now);
        if (IsEnded || (_copies.IsEmpty && !TryBeginCopies(now)))
            return false;
        var isFirst = _copies.Kind == MulticastCopyKind.First;
        var isRepair = _copies.Kind == MulticastCopyKind.Repair;
        length = _copies.Write(now, buffer, out var targets);
        transmit = transmit with { Targets = targets };
        if (isRepair)
            Shared.Counters.SegmentsRetransmitted++;
        if (!_copies.TryFindNext() && isFirst)
            FinishSegment(now);
        return true;
    }

    /// <summary>False when the node is no destination, or no more.</summary>
    public bool TryHandleConfirm(MonoTime now, Peer from, BootEpoch life, in MulticastConfirmEntry entry, ReadOnlySpan<SequenceRange> ranges)
    {
        if (!_roster.TryFind(from.Id, out var member))
            return false;

        var wasFull = member.IsFull;
        member.HandleConfirm(now, life, entry, ranges);
        if (wasFull && !member.IsFull)
            _pace.Release();
        AfterChange(now);
        return true;
    }

    /// <summary>A destination, in its latest life, does not know the flow or refuses it.</summary>
    public void HandleReset(MonoTime now, Peer from, in ResetPacket reset)
    {
        if (!_roster.TryFind(from.Id, out var member))
            return;
        if (reset.Reason == ResetReason.NoRoom && member.Life != BootEpoch.None)
            Shared.Counters.Drop(TransportDrop.Duplicate);
        else
            Lose(now, member, ReasonOf(reset.Reason));
    }

    /// <summary>Takes a destination out of the flow; the application is told.</summary>
    public void Lose(MonoTime now, MulticastMember member, FlowEndReason reason)
    {
        if (member.IsLost)
            return;
        if (member.IsAway)
        {
            _roster.DropAway(member);
            return;
        }

        _copies.Remove(member.Slot);
        member.Lose(reason);
        _roster.Lose(member);
        if (reason is FlowEndReason.Unreachable or FlowEndReason.TooSlow)
            TellOver(member);
        Shared.Counters.DestinationsLost++;
        Shared.Events.Raise(this);
        _pace.Release();
        AfterChange(now);
    }

    /// <summary>
    /// The application takes a destination out: nothing more is sent to it, and nothing is kept for it. False where the
    /// edge is none.
    /// </summary>
    public bool Remove(MonoTime now, ushort edge)
    {
        if (IsEnded || !_roster.TryFindPresent(edge, out var member))
            return false;
        var sentEnd = member.IsInStep ? SentTo(member) : member.Cursor;
        _copies.Remove(member.Slot);
        member.GoAway(now, sentEnd);
        _roster.SendAway(member);
        _pace.Release();
        AfterChange(now);
        return true;
    }

    /// <summary>A destination that is away gives its place to another.</summary>
    public void Forget(MulticastMember member)
    {
        TellOver(member);
        _roster.DropAway(member);
    }

    /// <summary>A destination goes on by unicast, beginning with what it was not sent yet.</summary>
    public void Leave(MonoTime now, MulticastMember member)
    {
        if (!member.IsInStep || member.IsLost)
            return;
        var sentEnd = SentTo(member);
        if (_copies.Kind == MulticastCopyKind.First)
            _copies.Remove(member.Slot);
        _roster.Leave(member);
        member.Leave(now, sentEnd);
        _pace.Release();
        Shared.Scheduler.Wake(this);
    }

    public void Rejoin(MulticastMember member)
    {
        member.IsInStep = true;
        _roster.Rejoin(member);
    }

    /// <summary>Asks for a multicast of a segment that many miss; false when few do, or too many segments wait already.</summary>
    public bool TryRemulticast(ulong sequence)
    {
        var missing = Window[sequence].Missing;
        if (missing < MulticastLimits.RemulticastLeast || missing * MulticastLimits.RemulticastShare < Window[sequence].Pending)
            return false;
        if (_repairs.Contains(sequence))
            return true;
        if (_repairs.Count == MulticastLimits.RemulticastQueue)
            return false;
        _repairs.Enqueue(sequence);
        Shared.Scheduler.Wake(this);
        return true;
    }

    /// <summary>A destination's silence is to be looked at by then.</summary>
    public void LookAt(MonoTime time)
    {
        if (_pace.TryLookEarlier(time))
            Reschedule();
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (IsEnded)
            return;
        if (_pace.Until <= now)
            _pace.Release();
        if (_pace.LookAt <= now)
            _pace.Look(now);
        if (_showLifeAt <= now)
        {
            _showLifeAt = now + TransportLimits.KeepAlive;
            _showsLife = HasNumber;
        }

        if (IsEnded)
            return;
        if (WantsToSend)
            Shared.Scheduler.Wake(this);
        Reschedule();
    }

    public override bool TryTakeEvent(out TransportEvent happened)
    {
        if (!_roster.TryTakeLost(out var member))
            return base.TryTakeEvent(out happened);
        happened = new TransportEvent(TransportEventKind.DestinationLost, Handle, default, member.MessagesConfirmed, member.LostReason)
        {
            Destination = member.Peer.Id,
        };
        return true;
    }

    /// <summary>Every destination is told by itself, when the flow lets go of it.</summary>
    public override bool TryGetEndNotice(FlowEndReason reason, out ResetPacket notice)
    {
        notice = default;
        return false;
    }

    protected override void EndIfDone(MonoTime now)
    {
        if (IsClosing && Window.Count == 0)
            End(now, FlowEndReason.Closed);
    }

    protected override void ReleaseAll()
    {
        foreach (var member in _roster.Members)
        {
            TellOver(member);
            member.Lose(FlowEndReason.Closed);
        }

        _roster.ForgetAll();
        _copies.Clear();
        Window.ReleaseAll();
    }

    /// <summary>The node is a destination again: what would end the flow there must not come.</summary>
    public void StopNotice(Peer peer) => Table.StopNotice(peer, Number + MulticastSegmentHeader.NumberBase);

    private bool HasRoomFor(int segments) =>
        Window.Count + segments <= MulticastLimits.QueueSegments && Shared.SendMemory.HasRoomFor(segments);

    private void TellOver(MulticastMember member) => Table.Notify(member.Peer, new ResetPacket
    {
        FromOrigin = true,
        OriginEpoch = Shared.Self,
        Flow = Number + MulticastSegmentHeader.NumberBase,
        DestinationEpoch = member.Life,
        Reason = ResetReason.Unknown,
    });

    private void Enqueue(MonoTime now, EdgeSet edges, ReadOnlySpan<byte> message, int segments)
    {
        var targets = _roster.TargetsOf(edges, out var count);
        var first = Window.End;
        Window.Append(message, Accepted, targets, count);
        for (var i = 0; i < targets.Length; i++)
        {
            for (var bits = targets[i]; bits != 0; bits &= bits - 1)
                _roster.At((i * 64) + BitOperations.TrailingZeroCount(bits)).OnAccepted(now, first, segments);
        }

        if (_showLifeAt.IsNever)
        {
            _showLifeAt = now + TransportLimits.KeepAlive;
            Reschedule();
        }
    }

    private bool TryBeginCopies(MonoTime now)
    {
        while (_repairs.TryDequeue(out var sequence))
        {
            if (sequence >= Window.Start && Window[sequence].Pending > 0 && _copies.TryBeginRepair(sequence))
                return true;
        }

        while (Window.HasUnsent)
        {
            if (!_pace.MaySend(now, Window.Sent))
            {
                Reschedule();
                return false;
            }

            ref var segment = ref Window[Window.Sent];
            segment.SentAt = now;
            Shared.Counters.SegmentsSent++;
            Shared.Counters.BytesSent += segment.Length;
            if (_copies.TryBeginFirst(Window.Sent))
                return true;
            FinishSegment(now);
        }

        var showsLife = _showsLife;
        _showsLife = false;
        return showsLife && _copies.TryBeginSignOfLife();
    }

    /// <summary>Every copy of the segment was written: who is behind may be sent it too.</summary>
    private void FinishSegment(MonoTime now)
    {
        Window.AdvanceSent();
        for (var i = _roster.Behind.Count - 1; i >= 0; i--)
            _roster.Behind[i].Update(now);
        AfterChange(now);
    }

    /// <summary>Nobody needs the segment any more whose copies are being written.</summary>
    private void DropSettledCopies(MonoTime now)
    {
        var kind = _copies.Kind;
        if (kind is MulticastCopyKind.None or MulticastCopyKind.SignOfLife)
            return;
        if (_copies.Sequence >= Window.Start && Window[_copies.Sequence].Pending > 0 && _copies.TryFindNext())
            return;
        _copies.Clear();
        if (kind == MulticastCopyKind.First)
            FinishSegment(now);
    }

    /// <summary>Lets go of what all have, tells the application, and goes on sending if something came free.</summary>
    private void AfterChange(MonoTime now)
    {
        if (IsEnded)
            return;
        var messages = Window.Trim(_copies.Kind == MulticastCopyKind.First ? Window.Sent : Window.End);
        if (messages > 0)
        {
            Confirmed += messages;
            Shared.Counters.MessagesConfirmed += messages;
            RaiseConfirmed();
        }

        if (_wantsRoom && Window.Count <= MulticastLimits.QueueSegments / 2)
        {
            _wantsRoom = false;
            RaiseWritable();
        }

        if (WantsToSend)
            Shared.Scheduler.Wake(this);
        EndIfDone(now);
    }

    private void Reschedule() =>
        Shared.Timers.Set(this, MonoTime.Min(MonoTime.Min(_pace.IsHeldUp ? _pace.Until : MonoTime.Never, _pace.LookAt), _showLifeAt));
}
