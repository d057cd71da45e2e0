using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// One destination of a multicast flow, at the origin: what it has confirmed, what it misses, and its window. In step it
/// gets new segments by multicast, and by unicast only what it misses. When it falls behind it leaves the multicast and
/// is sent everything from its cursor on by unicast, at its own pace, until nothing is left that it was not sent. As a
/// transmit item it sends its unicasts; it stands in the timer heap only while it misses something.
/// </summary>
internal sealed class MulticastMember : TransmitItem
{
    private readonly MulticastSender _flow;
    private readonly TransportShared _shared;
    private MulticastHoles _holes;
    private ulong _cursor;
    private ulong _sampleFrom;
    private ulong _confirmed;
    private ulong _firstOpen;
    private int _outstanding;
    private MulticastMemberWindow _window = new();
    private MulticastSilence _silence;
    private bool _hasNext;
    private bool _isRepairDue;
    private bool _mayProbe;
    private MulticastProbes _probes = new();
    private MulticastBreak _break;
    private MonoTime _lastHeard;
    private MonoTime _leftAt;

    public MulticastMember(MulticastSender flow, TransportShared shared, Peer peer, Lane lane, int slot, ulong cursor)
        : base(lane)
    {
        _flow = flow;
        _shared = shared;
        Peer = peer;
        Slot = slot;
        _sampleFrom = cursor;
    }

    public MulticastSender Flow => _flow;

    public Peer Peer { get; }

    public int Slot { get; }

    /// <summary>Where the peer's list of destinations holds this one.</summary>
    public int PlaceAtPeer { get; set; }

    public bool IsInStep { get; set; } = true;

    /// <summary>The application has taken it out: nothing is for it, and it is remembered in case that it is taken in again.</summary>
    public bool IsAway { get; private set; }

    public MonoTime AwaySince { get; private set; }

    /// <summary>Nothing is sent to it any more.</summary>
    public bool IsLost { get; private set; }

    public FlowEndReason LostReason { get; private set; }

    /// <summary>The flow's messages up to this number that were for it were confirmed when it was lost.</summary>
    public ulong MessagesConfirmed { get; private set; }

    /// <summary>The life that the destination's confirmations come from; none before the first.</summary>
    public BootEpoch Life { get; private set; }

    /// <summary>When the silence about what is in flight has lasted too long.</summary>
    public MonoTime TimeoutAt { get; private set; } = MonoTime.Never;

    /// <summary>Behind the multicast, the next segment that it is sent if it is for it.</summary>
    public ulong Cursor => _cursor;

    /// <summary>How many of the newest segments lie from the first that it has not confirmed on.</summary>
    public int Behind => _outstanding == 0 ? 0 : (int)(_flow.Window.End - _firstOpen);

    /// <summary>Neither its window nor its credit has room for another segment.</summary>
    public bool IsFull => _window.IsFull;

    public override bool WantsToSend => !IsLost && (_probes.Any || _isRepairDue || MaySendNext);

    private bool MaySendNext => _hasNext && (!IsFull || _mayProbe);

    /// <summary>Before this one, every segment that is for the destination was sent to it.</summary>
    private ulong SendEnd => IsInStep ? _flow.SentTo(this) : _cursor;

    /// <summary>A message for it was accepted.</summary>
    public void OnAccepted(MonoTime now, ulong first, int segments)
    {
        if (_outstanding == 0)
        {
            _firstOpen = first;
            _lastHeard = now;
        }

        _outstanding += segments;
    }

    /// <summary>A new segment was multicast, to it among others.</summary>
    public void OnMulticast(MonoTime now)
    {
        _window.InFlight++;
        ArmTimeout(now);
    }

    /// <summary>What a message that begins with this segment says to the destination: where the one before it ended.</summary>
    public ulong PriorOf(ulong sequence)
    {
        for (var before = sequence; before > _firstOpen; before--)
        {
            if (_flow.Window.IsFor(before - 1, Slot))
                return before;
        }

        return _confirmed;
    }

    /// <summary>Whether it misses a segment that it could take from a multicast.</summary>
    public bool Misses(ulong sequence) => !_break.IsOpen && _holes.Contains(sequence);

    public void OnRemulticast(ulong sequence, MonoTime now) => _holes.MarkRepaired(sequence, now, Peer.Rtt.HoleAge);

    /// <summary>From a life that is not earlier than the bound one. The ranges ascend from <i>next</i>.</summary>
    public void HandleConfirm(MonoTime now, BootEpoch life, in MulticastConfirmEntry entry, ReadOnlySpan<SequenceRange> ranges)
    {
        var reached = ranges.IsEmpty ? entry.Next : ranges[^1].End;
        if (reached > SendEnd)
        {
            _shared.Counters.Drop(TransportDrop.Contradiction);
            return;
        }

        if (entry.Next < _confirmed)
        {
            _shared.Counters.Drop(TransportDrop.Duplicate);
            return;
        }

        if (Life == BootEpoch.None)
            Life = life;
        _lastHeard = now;
        _break.OnConfirmed(entry.Next);
        _window.Credit = entry.Credit;
        var toldBefore = _window.Told;
        var received = Settle(now, entry.Next, isPlain: ranges.IsEmpty);
        _window.Told = FindHoles(now, ranges);
        if (received > 0 || _window.Told > toldBefore)
            OnProgress(now, received, reached);
        if (entry.Marked)
            CutWindow(now);
        Update(now);
    }

    /// <summary>
    /// Too long a silence: the two ends of what is out go again, as their confirmation shows the rest. Says whether the
    /// destination should leave the multicast.
    /// </summary>
    public bool HandleSilence(MonoTime now)
    {
        TimeoutAt = MonoTime.Never;
        if (_outstanding == 0)
            return false;
        _shared.Counters.RetransmissionTimeouts++;
        _silence.OnTimeout(SendEnd);
        CutWindow(now);
        _mayProbe = _window.InFlight == 0;
        if (_window.InFlight > 0 && _firstOpen < SendEnd)
        {
            var last = SendEnd - 1;
            while (last > _firstOpen && !_flow.Window.IsFor(last, Slot))
                last--;
            _probes.Set(_firstOpen, last);
            _sampleFrom = _flow.SendEnd;
        }

        ArmTimeout(now);
        var isLate = _window.InFlight == 0
            ? _silence.Count > 1
            : now - _flow.Window[_firstOpen].SentAt >= Duration.Max(MulticastLimits.LagTime, Peer.Rtt.Timeout * 2);
        Update(now);
        return isLate && IsInStep;
    }

    public bool IsUnreachable(MonoTime now) => _outstanding > 0 && now - _lastHeard >= _shared.Options.UnreachableTimeout;

    /// <summary>Something waits for the destination's windows or word: it must not stay silent for ever.</summary>
    public void ArmTimeout(MonoTime now)
    {
        if (!TimeoutAt.IsNever)
            return;
        TimeoutAt = now + Peer.Rtt.BackedOff(_silence.Backoff);
        _flow.LookAt(TimeoutAt);
    }

    /// <summary>Leaves the multicast: what lies from the cursor on is sent by unicast.</summary>
    public void Leave(MonoTime now, ulong cursor)
    {
        IsInStep = false;
        _cursor = cursor;
        _leftAt = now;
        _shared.Counters.MulticastLeaves++;
        Update(now);
    }

    /// <summary>
    /// Is taken out: what it has not confirmed is let go. Of that it was sent what lies before <paramref name="sentEnd"/>.
    /// </summary>
    public void GoAway(MonoTime now, ulong sentEnd)
    {
        if (_outstanding > 0)
            _break.BreakOff(_flow.Window, Slot, _firstOpen, sentEnd);
        LetGo();
        _probes = new MulticastProbes();
        _window.InFlight = 0;
        _window.Told = 0;
        _silence = default;
        _hasNext = false;
        _isRepairDue = false;
        _mayProbe = false;
        IsAway = true;
        AwaySince = now;
    }

    /// <summary>
    /// Is taken in again: with the next message if it is known where it stands, and otherwise behind the multicast, as a laggard, until it
    /// has confirmed a message that tells it.
    /// </summary>
    public void ComeBack(MonoTime now, ulong cursor)
    {
        IsAway = false;
        _sampleFrom = cursor;
        _cursor = cursor;
        _leftAt = now;
        IsInStep = !_break.IsOpen;
        if (_break.IsOpen)
            _confirmed = _break.At;
    }

    /// <summary>After any change: finds what is next, goes back in step if nothing is left to send, and stands in line.</summary>
    public void Update(MonoTime now)
    {
        if (IsLost)
            return;
        if (!IsInStep)
            FindNext();
        if (!IsInStep && !_hasNext && !_break.IsOpen && _silence.Count == 0 && _lastHeard > _leftAt && _window.IsHalfEmpty)
        {
            _flow.Rejoin(this);
            _sampleFrom = _flow.SendEnd;
        }

        Reschedule(now);
        if (WantsToSend)
            _shared.Scheduler.Wake(this);
        else if (_hasNext)
            ArmTimeout(now);
    }

    public override void HandleTimeout(MonoTime now)
    {
        while (_silence.Count == 0 && _holes.TryFindDue(now, out var sequence) && _flow.TryRemulticast(sequence))
            _holes.MarkRepaired(sequence, now, Peer.Rtt.HoleAge);
        Update(now);
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(Peer.Id, Lane.RouteToken, Lane.Class, _flow.Priority, MonoTime.Never);
        length = 0;
        if (IsLost)
            return false;
        if (_probes.TryTake(out var sequence) || (_isRepairDue && _holes.TryFindDue(now, out sequence)))
        {
            length = WriteDirect(sequence, buffer);
            _holes.MarkRepaired(sequence, now, Peer.Rtt.HoleAge);
            _shared.Counters.SegmentsRetransmitted++;
            _shared.Counters.BytesRetransmitted += _flow.Window[sequence].Length;
        }
        else if (MaySendNext)
        {
            length = WriteDirect(_cursor, buffer);
            _shared.Counters.SegmentsSent++;
            _shared.Counters.BytesSent += _flow.Window[_cursor].Length;
            _cursor++;
            _window.InFlight++;
            _mayProbe = false;
            ArmTimeout(now);
        }

        if (!IsInStep)
            FindNext();
        Reschedule(now);
        return length > 0;
    }

    /// <summary>The destination needs nothing of the flow any more, or can have no more of it.</summary>
    public void Lose(FlowEndReason reason)
    {
        MessagesConfirmed = _outstanding == 0 ? _flow.MessagesAccepted : _flow.Window[_firstOpen].Message - 1;
        IsLost = true;
        LostReason = reason;
        LetGo();
    }

    private void LetGo()
    {
        var window = _flow.Window;
        _holes.Fill(_shared, window, new SequenceRange(0, ulong.MaxValue));
        for (var sequence = _firstOpen; _outstanding > 0; sequence++)
        {
            if (!window.IsFor(sequence, Slot))
                continue;
            window.Settle(sequence);
            if (window[sequence].Part.Ends)
                window.ClearTarget(sequence, Slot);
            _outstanding--;
        }

        TimeoutAt = MonoTime.Never;
        _shared.Timers.Remove(this);
    }

    private int WriteDirect(ulong sequence, Span<byte> buffer)
    {
        var begins = _flow.Window[sequence].Part.Begins;
        var prior = begins ? PriorOf(sequence) : 0;
        return MulticastDirect.Write(_shared, _flow, sequence, Life, prior, begins && _break.IsOpen && prior == _break.At, buffer);
    }

    /// <summary>Lets go of everything for it below <paramref name="next"/>; says how many segments that was.</summary>
    private int Settle(MonoTime now, ulong next, bool isPlain)
    {
        var window = _flow.Window;
        var sentAt = MonoTime.Never;
        _holes.Fill(_shared, window, new SequenceRange(0, next));
        var before = _outstanding;
        var sequence = _firstOpen;
        for (; _outstanding > 0 && (sequence < next || !window.IsFor(sequence, Slot)); sequence++)
        {
            if (!window.IsFor(sequence, Slot))
                continue;
            sentAt = sequence >= _sampleFrom ? window[sequence].SentAt : MonoTime.Never;
            window.Settle(sequence);
            _outstanding--;
            _window.InFlight--;
        }

        _firstOpen = sequence;
        _confirmed = next;
        _probes.Settle(_firstOpen);
        if (isPlain && IsInStep && !sentAt.IsNever)
            Peer.AddSample(now - sentAt);
        return before - _outstanding;
    }

    /// <summary>Notes what is missing below the ranges' end; says how many segments lie in the ranges.</summary>
    private int FindHoles(MonoTime now, ReadOnlySpan<SequenceRange> ranges)
    {
        if (ranges.IsEmpty || _outstanding == 0)
            return 0;
        var told = _holes.Note(_shared, _flow.Window, Slot, _firstOpen, ranges, now + (Peer.Rtt.HoleAge / 2), out var isMissing);
        if (isMissing)
            _sampleFrom = _flow.SendEnd;
        return told;
    }

    private void OnProgress(MonoTime now, int received, ulong reached)
    {
        _silence.OnNews(reached);
        TimeoutAt = MonoTime.Never;
        if (_window.InFlight > 0)
            ArmTimeout(now);
        _window.Grow(received);
    }

    private void CutWindow(MonoTime now) => _shared.Counters.WindowCuts += _window.TryCut(now, Peer.Rtt.Smoothed) ? 1 : 0;

    /// <summary>
    /// What is due is sent, not timed: the timer is for the first hole after it. In a silence nothing is but its probes;
    /// when the destination is heard again, all that is due goes out.
    /// </summary>
    private void Reschedule(MonoTime now)
    {
        _isRepairDue = _silence.Count == 0 && _holes.TryFindDue(now, out _);
        _shared.Timers.Set(this, _isRepairDue || _silence.Count > 0 ? MonoTime.Never : _holes.NextDue());
    }

    private void FindNext()
    {
        var window = _flow.Window;
        _cursor = Math.Max(_cursor, window.Start);
        var end = _flow.SendEnd;
        while (_cursor < end && !window.IsFor(_cursor, Slot))
            _cursor++;
        _hasNext = _cursor < end;
    }
}
