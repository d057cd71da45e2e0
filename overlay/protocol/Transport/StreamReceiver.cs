using System.Buffers;
using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The destination's end of a Signal or Bulk flow: puts segments in order, joins messages, and says by CONFIRM what it
/// has. What it cannot keep it does not take, and the origin sends it again. A long message's memory, its place in the
/// queue included, is taken whole with its first segment, so a message that was begun never waits for memory again.
/// </summary>
internal sealed class StreamReceiver : InboundFlow
{
    private AheadBuffer _ahead;
    private ulong _next;
    private byte[]? _join;
    private int _joinLength;
    private int _joined;
    private int _joinSegments;
    private int _held;
    private ulong _taken;
    private ulong _advertisedEnd = TransportLimits.InitialWindow;
    private int _unconfirmed;
    private int _marked;
    private bool _isConfirmDue;

    /// <summary>Another with each segment that comes again, as the origin may not have heard of it over the one before.</summary>
    private int _confirmRoute = TransportTransmit.NoRoute;
    private bool _isStarved;

    /// <summary>The segment whose turn it is found no memory: what comes behind it is not hoarded meanwhile.</summary>
    private bool _isTurnRefused;
    private MonoTime _confirmAt = MonoTime.Never;
    private MonoTime _lastActivity;

    public StreamReceiver(InboundFlows table, TransportShared shared, Peer peer, FlowId id, ServiceClass serviceClass, MonoTime now)
        : base(table, shared, peer, id, serviceClass)
    {
        _lastActivity = now;
        Reschedule();
    }

    public override bool WantsToSend => _isConfirmDue && !IsEnded;

    private int Room => TransportLimits.ReceiveWindow - _held;

    private int Credit => Math.Min(Room, Shared.ReceiveMemory.CreditFor(Peer));

    public void HandleSegment(MonoTime now, in StreamHeader header, ReadOnlySpan<byte> payload, bool marked)
    {
        _lastActivity = now;
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
    }

    public override void RetryStarved(MonoTime now)
    {
        _isStarved = false;
        if (!IsEnded)
            Drain(now);
    }

    public override bool TryTake(MonoTime now, out QueuedMessage message, out ulong number)
    {
        number = 0;
        message = default;
        if (!HasMessages)
            return false;
        message = PopMessage();
        number = ++_taken;
        _held -= message.Segments;
        if (!IsEnded && IsCreditNews())
            ConfirmNow();
        return true;
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
        if (now - _lastActivity >= TransportLimits.StreamIdle)
        {
            End(now, FlowEndReason.Idle);
            return;
        }

        if (_confirmAt <= now)
        {
            _confirmAt = MonoTime.Never;
            ConfirmNow();
        }

        Reschedule();
    }

    protected override void ReleaseUnfinished()
    {
        _ahead.Clear(Shared, Peer);
        if (_join is null)
            return;
        Shared.Counters.Drop(TransportDrop.FlowEnded);
        ArrayPool<byte>.Shared.Return(_join);
        _join = null;
        CancelReserve();
        Shared.ReceiveMemory.Give(Peer, JoinBytes(_joinLength));
    }

    private static int JoinBytes(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)length);

    private void HandleAhead(MonoTime now, ulong sequence, in StreamHeader header, ReadOnlySpan<byte> payload)
    {
        var opensGap = _ahead.IsEmpty || sequence > _ahead.End;
        if (_isTurnRefused || !_ahead.TryAdd(Shared, Peer, _next, sequence, header, payload))
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
        switch (Take(header.Begins, header.Ends, header.MessageLength, payload, place: -1))
        {
            case TakeResult.Contradiction:
                Reject(now);
                return;
            case TakeResult.NoMemory:
                Shared.Counters.Drop(TransportDrop.NoReceiveMemory);
                ConfirmSoon(now);
                return;
        }

        if (header.Ends || !_ahead.IsEmpty || ++_unconfirmed >= TransportLimits.ConfirmEvery)
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

    /// <summary>Takes the segments that are here and whose turn has come.</summary>
    private void Drain(MonoTime now)
    {
        while (_ahead.Holds(_next))
        {
            var segment = _ahead[_next];
            var sequence = _next;
            switch (Take(segment.Begins, segment.Ends, segment.MessageLength, Shared.Segments.Read(segment.Place, segment.Length), segment.Place))
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

    /// <summary>
    /// Takes the segment whose turn it is, whole or not at all. <paramref name="place"/> is where it is kept already,
    /// or below zero; when it is taken, the place has found its next owner or was returned.
    /// </summary>
    private TakeResult Take(bool begins, bool ends, int messageLength, ReadOnlySpan<byte> payload, int place)
    {
        var result = TryTakeSegment(begins, ends, messageLength, payload, place);
        _isTurnRefused = result == TakeResult.NoMemory;
        return result;
    }

    private TakeResult TryTakeSegment(bool begins, bool ends, int messageLength, ReadOnlySpan<byte> payload, int place)
    {
        if (begins != (_join is null))
            return TakeResult.Contradiction;
        var isWhole = begins && ends;
        if (!isWhole)
        {
            var length = begins ? messageLength : _joinLength;
            var after = (begins ? 0 : _joined) + payload.Length;
            if (payload.IsEmpty || after > length || ends != (after == length))
                return TakeResult.Contradiction;
        }

        if (begins && !TryReserveMessage())
            return TakeResult.NoMemory;
        if (isWhole)
            return TakeWhole(payload, place);
        if (begins && !TryBeginJoin(messageLength))
        {
            CancelReserve();
            return TakeResult.NoMemory;
        }

        payload.CopyTo(_join.AsSpan(_joined));
        _joined += payload.Length;
        _joinSegments++;
        _held++;
        _next++;
        if (place >= 0)
            Shared.Segments.Return(place);
        if (ends)
            FinishJoin();
        return TakeResult.Taken;
    }

    private TakeResult TakeWhole(ReadOnlySpan<byte> payload, int place)
    {
        if (place >= 0 || !payload.IsEmpty)
        {
            if (!Shared.ReceiveMemory.TryTake(Peer, SegmentPool.PlaceBytes))
            {
                CancelReserve();
                return TakeResult.NoMemory;
            }

            if (place < 0)
                place = Shared.Segments.RentCopy(payload);
        }

        _held++;
        _next++;
        PushMessage(new QueuedMessage { Place = place, Length = payload.Length, Segments = 1, Deadline = MonoTime.Never });
        return TakeResult.Taken;
    }

    private bool TryBeginJoin(int length)
    {
        if (!Shared.ReceiveMemory.TryTake(Peer, JoinBytes(length)))
            return false;
        _join = ArrayPool<byte>.Shared.Rent(length);
        _joinLength = length;
        _joined = 0;
        _joinSegments = 0;
        return true;
    }

    private void FinishJoin()
    {
        PushMessage(new QueuedMessage
        {
            Place = -1,
            Buffer = _join,
            Length = _joinLength,
            Segments = _joinSegments,
            BufferBytes = JoinBytes(_joinLength),
            Deadline = MonoTime.Never,
        });
        _join = null;
    }

    private void Starve()
    {
        if (_isStarved)
            return;
        _isStarved = true;
        Shared.Starved.Enqueue(this);
    }

    private void Reject(MonoTime now)
    {
        Shared.Counters.Drop(TransportDrop.Contradiction);
        Peer.Answer(now, Table.ResetFor(Id, ResetReason.Refused));
        End(now, FlowEndReason.Rejected);
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

    private void Reschedule() =>
        Shared.Timers.Set(this, MonoTime.Min(_confirmAt, _lastActivity + TransportLimits.StreamIdle));
}
