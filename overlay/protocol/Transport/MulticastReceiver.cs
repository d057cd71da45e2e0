using System.Buffers;
using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A destination's end of a Signal or Bulk multicast flow. It sees those of the flow's segments that are for it, and
/// takes each when its turn has come: a message's first segment when everything was taken up to its prior, any other when
/// the one before it was. Memory is taken as <see cref="StreamReceiver"/> takes it: a long message's whole with its first
/// segment; what cannot be kept is not taken, and the origin sends it again.
/// </summary>
internal sealed class MulticastReceiver : InboundFlow
{
    private MulticastAheadBuffer _ahead;
    private ulong _next;
    private byte[]? _join;
    private int _joinLength;
    private int _joined;
    private int _joinSegments;
    private int _held;
    private ulong _taken;
    private int _toldCredit = MulticastLimits.ReceiveWindow;
    private int _unconfirmed;
    private int _marked;
    private bool _isStarved;
    private bool _isTurnRefused;
    private MonoTime _lastActivity;

    public MulticastReceiver(InboundFlows table, TransportShared shared, Peer peer, FlowId id, ServiceClass serviceClass, MonoTime now)
        : base(table, shared, peer, id, serviceClass)
    {
        _lastActivity = now;
        Shared.Timers.Set(this, now + TransportLimits.StreamIdle);
    }

    /// <summary>Stands in the confirmer's line, which sends what this flow has to tell.</summary>
    internal bool IsConfirmQueued { get; set; }

    public override bool WantsToSend => false;

    private int Room => MulticastLimits.ReceiveWindow - _held;

    private int Credit => Shared.ReceiveMemory.IsTight ? Math.Min(Room, TransportLimits.InitialWindow) : Room;

    public void HandleSegment(MonoTime now, in MulticastSegmentHeader header, ReadOnlySpan<byte> payload, bool marked)
    {
        _lastActivity = now;
        if (header.Sequence < _next || _ahead.Holds(header.Sequence))
        {
            Shared.Counters.Drop(TransportDrop.Duplicate);
            if (!_ahead.IsEmpty)
                Drain(now);
            Confirm(now, isUrgent: false);
            return;
        }

        if (marked)
            _marked++;
        var turn = header.Begins ? header.Prior : header.Sequence;
        if (turn < _next)
            Reject(now);
        else if (turn > _next)
            HandleAhead(now, header, turn, payload);
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
        if (!IsEnded && _toldCredit < MulticastLimits.ReceiveWindow / 2 && Credit >= _toldCredit + (MulticastLimits.ReceiveWindow / 4))
            Confirm(now, isUrgent: true);
        return true;
    }

    public void WriteConfirm(ref WireWriter writer)
    {
        Span<SequenceRange> ranges = stackalloc SequenceRange[MulticastConfirmEntry.MaxRanges];
        var count = _ahead.CopyRanges(ranges);
        _toldCredit = Credit;
        new MulticastConfirmEntry
        {
            Flow = Id.Number - MulticastSegmentHeader.NumberBase,
            Next = _next,
            Credit = _toldCredit,
            Marked = _marked >= TransportLimits.MarkBurst,
        }.Write(ref writer, ranges[..count]);
        _unconfirmed = 0;
        _marked = 0;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        return false;
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (now - _lastActivity >= TransportLimits.StreamIdle)
            End(now, FlowEndReason.Idle);
        else
            Shared.Timers.Set(this, _lastActivity + TransportLimits.StreamIdle);
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

    private void HandleAhead(MonoTime now, in MulticastSegmentHeader header, ulong turn, ReadOnlySpan<byte> payload)
    {
        if (_ahead.Count >= Room)
        {
            Shared.Counters.Drop(TransportDrop.BeyondCredit);
            Confirm(now, isUrgent: false);
            return;
        }

        var opensGap = _ahead.OpensGap(turn);
        if (_isTurnRefused || !_ahead.TryAdd(Shared, Peer, header, turn, payload))
        {
            Shared.Counters.Drop(TransportDrop.NoReceiveMemory);
            Confirm(now, isUrgent: false);
            return;
        }

        Confirm(now, isUrgent: opensGap || ++_unconfirmed >= TransportLimits.ConfirmEvery);
    }

    private void HandleInTurn(MonoTime now, in MulticastSegmentHeader header, ReadOnlySpan<byte> payload)
    {
        if (Room <= 0)
        {
            Shared.Counters.Drop(TransportDrop.BeyondCredit);
            Confirm(now, isUrgent: false);
            return;
        }

        switch (Take(header.Sequence, header.Begins, header.Ends, header.MessageLength, payload, place: -1))
        {
            case TakeResult.Contradiction:
                Reject(now);
                return;
            case TakeResult.NoMemory:
                Shared.Counters.Drop(TransportDrop.NoReceiveMemory);
                Confirm(now, isUrgent: false);
                return;
        }

        var fillsGap = !_ahead.IsEmpty;
        Drain(now);
        Confirm(now, isUrgent: fillsGap || ++_unconfirmed >= TransportLimits.ConfirmEvery);
    }

    /// <summary>Takes the segments that are here and whose turn has come.</summary>
    private void Drain(MonoTime now)
    {
        while (!IsEnded && !_ahead.IsEmpty && _ahead.First.Turn <= _next)
        {
            var segment = _ahead.First;
            if (segment.Sequence < _next)
            {
                // Left from before the flow began here: a late packet to an earlier life can open a flow that begins later.
                Shared.Counters.Drop(TransportDrop.Duplicate);
                Shared.Segments.Return(segment.Place);
                _ahead.RemoveFirst(Shared, Peer);
                continue;
            }

            if (segment.Turn < _next)
            {
                Reject(now);
                return;
            }

            var payload = Shared.Segments.Read(segment.Place, segment.Length);
            switch (Take(segment.Sequence, segment.Begins, segment.Ends, segment.MessageLength, payload, segment.Place))
            {
                case TakeResult.Contradiction:
                    Reject(now);
                    return;
                case TakeResult.NoMemory:
                    Starve();
                    return;
            }

            _ahead.RemoveFirst(Shared, Peer);
            Confirm(now, isUrgent: false);
        }
    }

    /// <summary>
    /// Takes the segment whose turn it is, whole or not at all. <paramref name="place"/> is where it is kept already,
    /// or below zero; when it is taken, the place has found its next owner or was returned.
    /// </summary>
    private TakeResult Take(ulong sequence, bool begins, bool ends, int messageLength, ReadOnlySpan<byte> payload, int place)
    {
        var result = TryTakeSegment(begins, ends, messageLength, payload, place);
        _isTurnRefused = result == TakeResult.NoMemory;
        if (result != TakeResult.Taken)
            return result;
        _held++;
        _next = sequence + 1;
        return result;
    }

    private TakeResult TryTakeSegment(bool begins, bool ends, int messageLength, ReadOnlySpan<byte> payload, int place)
    {
        if (begins != (_join is null))
            return TakeResult.Contradiction;
        if (begins && ends)
            return TakeWhole(payload, place);
        var length = begins ? messageLength : _joinLength;
        var after = (begins ? 0 : _joined) + payload.Length;
        if (payload.IsEmpty || after > length || ends != (after == length))
            return TakeResult.Contradiction;
        if (begins && !TryBeginJoin(messageLength))
            return TakeResult.NoMemory;
        payload.CopyTo(_join.AsSpan(_joined));
        _joined += payload.Length;
        _joinSegments++;
        if (place >= 0)
            Shared.Segments.Return(place);
        if (ends)
            FinishJoin();
        return TakeResult.Taken;
    }

    private TakeResult TakeWhole(ReadOnlySpan<byte> payload, int place)
    {
        if (!TryReserveMessage())
            return TakeResult.NoMemory;
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

        PushMessage(new QueuedMessage { Place = place, Length = payload.Length, Segments = 1, Deadline = MonoTime.Never });
        return TakeResult.Taken;
    }

    private bool TryBeginJoin(int length)
    {
        if (!TryReserveMessage())
            return false;
        if (!Shared.ReceiveMemory.TryTake(Peer, JoinBytes(length)))
        {
            CancelReserve();
            return false;
        }

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

    private void Confirm(MonoTime now, bool isUrgent)
    {
        if (!IsEnded)
            Peer.Confirmer.Add(now, this, isUrgent);
    }
}
