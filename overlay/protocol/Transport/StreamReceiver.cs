using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The destination's end of a Signal or Bulk flow to one: a segment's turn has come when all before it were taken. It says by
/// CONFIRM what it has.
/// </summary>
internal sealed class StreamReceiver : OrderedReceiver
{
    private AheadBuffer _ahead;
    private ulong _next;
    private ulong _advertisedEnd = TransportLimits.InitialWindow;
    private int _unconfirmed;
    private int _marked;
    private bool _isConfirmDue;

    /// <summary>Another with each segment that comes again, as the origin may not have heard of it over the one before.</summary>
    private int _confirmRoute = TransportTransmit.NoRoute;
    private MonoTime _confirmAt = MonoTime.Never;

    public StreamReceiver(InboundFlows table, TransportShared shared, Peer peer, FlowId id, ServiceClass serviceClass, MonoTime now)
        : base(table, shared, peer, id, serviceClass)
    {
        OnHeard(now);
        Reschedule();
    }

    protected override bool HasAhead => !_ahead.IsEmpty;

    public override bool WantsToSend => _isConfirmDue && !IsEnded;

    private int Room => TransportLimits.ReceiveWindow - Held;

    private int Credit => Math.Min(Room, Shared.ReceiveMemory.CreditFor(Peer));

    public void HandleSegment(MonoTime now, in StreamHeader header, ReadOnlySpan<byte> payload, bool marked)
    {
        OnHeard(now);
        var ahead = (int)(header.Sequence - (uint)_next);
        if (ahead < 0 || (ahead < Room && _ahead.Holds(_next + (uint)ahead)))
        {
            Shared.Counters.Drop(TransportDrop.Duplicate);
            _confirmRoute = Peer.Routes.After(_confirmRoute);
            if (ahead == 0)
                Drain(now);
            ConfirmSoon(now);
            return;
        }

        if (ahead >= Room)
        {
            Shared.Counters.Drop(TransportDrop.BeyondCredit);
            ConfirmSoon(now);
            return;
        }

        if (marked)
            _marked++;
        if (ahead > 0)
            HandleAhead(now, _next + (uint)ahead, header, payload);
        else
            HandleInTurn(now, header, payload);
        if (BeginsToWait())
            Reschedule();
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = new TransportTransmit(Peer.Id, _confirmRoute, ServiceClass.Control, TransportLimits.ControlPriority, MonoTime.Never);
        length = 0;
        if (!WantsToSend)
            return false;
        Span<SegmentRange> ranges = stackalloc SegmentRange[ConfirmFrame.MaxRanges];
        var count = _ahead.CopyRanges(_next, ranges);
        var writer = new WireWriter(buffer);
        new ConfirmFrame
        {
            OriginEpoch = Id.Epoch,
            Flow = Id.Number,
            DestinationEpoch = Shared.Self,
            Next = (uint)_next,
            Credit = Credit,
            Marked = _marked >= TransportLimits.MarkBurst,
        }.Write(ref writer, ranges[..count]);
        length = writer.Length;
        _advertisedEnd = Math.Max(_advertisedEnd, _next + (ulong)Credit);
        _isConfirmDue = false;
        _unconfirmed = 0;
        _marked = 0;
        _confirmAt = MonoTime.Never;
        Shared.Counters.ConfirmsSent++;
        return true;
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (IsIdle(now))
        {
            End(now, FlowEndReason.Idle);
            return;
        }

        if (MustAsk(now) || _confirmAt <= now)
        {
            _confirmAt = MonoTime.Never;
            ConfirmNow();
        }

        Reschedule();
    }

    protected override void ReleaseUnfinished()
    {
        _ahead.Clear(Shared, Peer);
        AbandonJoin();
    }

    protected override void OnRoom(MonoTime now)
    {
        if (IsCreditNews())
            ConfirmNow();
    }

    protected override void Drain(MonoTime now)
    {
        while (_ahead.Holds(_next))
        {
            var segment = _ahead[_next];
            var sequence = _next;
            switch (Take(segment.Part, Shared.Segments.Read(segment.Place, segment.Length), segment.Place))
            {
                case TakeResult.Contradiction:
                    Reject(now);
                    return;
                case TakeResult.NoMemory:
                    Starve();
                    return;
            }

            _ahead.Remove(Shared, Peer, sequence);
            ConfirmNow();
        }
    }

    private void HandleAhead(MonoTime now, ulong sequence, in StreamHeader header, ReadOnlySpan<byte> payload)
    {
        var opensGap = _ahead.IsEmpty || sequence > _ahead.End;
        if (IsTurnRefused || !_ahead.TryAdd(Shared, Peer, _next, sequence, header, payload))
        {
            Shared.Counters.Drop(TransportDrop.NoReceiveMemory);
            ConfirmSoon(now);
            return;
        }

        if (opensGap || ++_unconfirmed >= TransportLimits.ConfirmEvery)
            ConfirmNow();
        else
            ConfirmSoon(now);
    }

    private void HandleInTurn(MonoTime now, in StreamHeader header, ReadOnlySpan<byte> payload)
    {
        switch (Take(header.Part, payload, place: -1))
        {
            case TakeResult.Contradiction:
                Reject(now);
                return;
            case TakeResult.NoMemory:
                Shared.Counters.Drop(TransportDrop.NoReceiveMemory);
                ConfirmSoon(now);
                return;
        }

        if (header.Part.Ends || !_ahead.IsEmpty || ++_unconfirmed >= TransportLimits.ConfirmEvery)
            ConfirmNow();
        else
            ConfirmSoon(now);
        Drain(now);
    }

    /// <summary>Whether the origin should hear of the credit now: there is much more of it, or it had none left.</summary>
    private bool IsCreditNews()
    {
        var credit = Credit;
        return _next + (ulong)credit >= _advertisedEnd + (TransportLimits.CreditNews)
            || (_advertisedEnd <= _next && credit >= TransportLimits.InitialWindow);
    }

    private TakeResult Take(in MessagePart part, ReadOnlySpan<byte> payload, int place)
    {
        var result = TakeInTurn(part, payload, place);
        _next += result == TakeResult.Taken ? 1u : 0;
        return result;
    }

    private void ConfirmNow()
    {
        _isConfirmDue = true;
        Shared.Scheduler.Wake(this);
    }

    private void ConfirmSoon(MonoTime now)
    {
        if (_isConfirmDue || !_confirmAt.IsNever || IsEnded)
            return;
        _confirmAt = now + TransportLimits.ConfirmDelay;
        Reschedule();
    }

    private void Reschedule() => Shared.Timers.Set(this, MonoTime.Min(_confirmAt, WaitEnds));
}
