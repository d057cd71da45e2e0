using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A destination's end of a Signal or Bulk multicast flow. It sees those of the flow's segments that are for it, and
/// takes each when its turn has come: a message's first segment when everything was taken up to its prior, any other when
/// the one before it was.
/// </summary>
internal sealed class MulticastReceiver : OrderedReceiver
{
    private MulticastAheadBuffer _ahead;
    private ulong _next;
    private int _toldCredit = MulticastLimits.ReceiveWindow;
    private int _unconfirmed;
    private int _marked;

    public MulticastReceiver(InboundFlows table, TransportShared shared, Peer peer, FlowId id, ServiceClass serviceClass, MonoTime now)
        : base(table, shared, peer, id, serviceClass)
    {
        OnHeard(now);
        Shared.Timers.Set(this, WaitEnds);
    }

    /// <summary>Stands in the confirmer's line, which sends what this flow has to tell.</summary>
    internal bool IsConfirmQueued { get; set; }

    protected override bool HasAhead => !_ahead.IsEmpty;

    public override bool WantsToSend => false;

    private int Room => MulticastLimits.ReceiveWindow - Held;

    private int Credit => Shared.ReceiveMemory.IsTight ? Math.Min(Room, TransportLimits.InitialWindow) : Room;

    public void HandleSegment(MonoTime now, in MulticastSegmentHeader header, ReadOnlySpan<byte> payload, bool marked)
    {
        OnHeard(now);
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
        if (header.JoinsAnew && header.Prior >= _next)
            JoinAnew(now, header.Prior);
        if (IsEnded)
            return;
        var turn = header.Part.Begins ? header.Prior : header.Sequence;
        if (turn < _next)
            Reject(now);
        else if (turn > _next)
            HandleAhead(now, header, turn, payload);
        else
            HandleInTurn(now, header, payload);
        if (BeginsToWait())
            Shared.Timers.Set(this, WaitEnds);
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
        if (IsIdle(now))
        {
            End(now, FlowEndReason.Idle);
            return;
        }

        if (MustAsk(now))
            Confirm(now, isUrgent: true);
        Shared.Timers.Set(this, WaitEnds);
    }

    protected override void ReleaseUnfinished()
    {
        _ahead.Clear(Shared, Peer);
        AbandonJoin();
    }

    protected override void OnRoom(MonoTime now)
    {
        if (_toldCredit < MulticastLimits.ReceiveWindow / 2 && Credit >= _toldCredit + (MulticastLimits.ReceiveWindow / 4))
            Confirm(now, isUrgent: true);
    }

    protected override void Drain(MonoTime now)
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
            switch (Take(segment.Sequence, segment.Part, payload, segment.Place))
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

    /// <summary>The origin had taken this destination out and let go of what lay before: that will not come, and the flow goes on behind it.</summary>
    private void JoinAnew(MonoTime now, ulong next)
    {
        AbandonJoin();
        _next = next;
        Drain(now);
    }

    private void HandleAhead(MonoTime now, in MulticastSegmentHeader header, ulong turn, ReadOnlySpan<byte> payload)
    {
        if (_ahead.Count >= Room)
        {
            Shared.Counters.Drop(TransportDrop.BeyondCredit);
            Confirm(now, isUrgent: false);
            return;
        }

        var opensGap = _ahead.OpensGap(turn);
        if (IsTurnRefused || !_ahead.TryAdd(Shared, Peer, header, turn, payload))
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

        switch (Take(header.Sequence, header.Part, payload, place: -1))
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

    private TakeResult Take(ulong sequence, in MessagePart part, ReadOnlySpan<byte> payload, int place)
    {
        var result = TakeInTurn(part, payload, place);
        _next = result == TakeResult.Taken ? sequence + 1 : _next;
        return result;
    }

    private void Confirm(MonoTime now, bool isUrgent)
    {
        if (!IsEnded)
            Peer.Confirmer.Add(now, this, isUrgent);
    }
}
