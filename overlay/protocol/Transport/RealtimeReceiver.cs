using System.Runtime.CompilerServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The destination's end of a Realtime flow: takes each packet once, joins fragments, and hands out nothing after its
/// deadline. When its queue is full, the stalest message goes.
/// </summary>
internal sealed class RealtimeReceiver : InboundFlow
{
    /// <summary>Numbers behind the newest that are told from those before the first.</summary>
    private const uint RememberedBehind = 1u << 30;

    private readonly List<RealtimeJoin> _joins = [];
    private DuplicateWindow _seen;
    private Arrivals _arrivals;
    private bool _isReportQueued;
    private uint _lowest;
    private UnjudgedNumbers? _unjudged;
    private uint _highest;
    private bool _hasNumber;
    private MonoTime _lastActivity;

    public RealtimeReceiver(InboundFlows table, TransportShared shared, Peer peer, FlowId id, MonoTime now)
        : base(table, shared, peer, id, ServiceClass.Realtime)
    {
        _lastActivity = now;
        Shared.Timers.Set(this, now + TransportLimits.RealtimeIdle);
    }

    public override bool WantsToSend => false;

    /// <summary>A flow to many has no route to choose, and a thousand reports would come to its origin: nobody tells it.</summary>
    private bool IsReported => Id.Number < MulticastSegmentHeader.NumberBase;

    public int JoinCount => _joins.Count;

    public RealtimeJoin? OldestJoin => _joins.Count > 0 ? _joins[0] : null;

    public void HandlePacket(MonoTime now, in RealtimeHeader header, MonoTime deadline, bool marked, bool strained, ReadOnlySpan<byte> payload)
    {
        _lastActivity = now;
        if (IsReported && deadline >= now && !Shared.Options.IsOneHop)
            NoteArrival(now, header, deadline - now, marked, strained);
        if (IsReported && header.TakesSeveral)
            _seen.Widen();
        if (!_seen.TryTake(header.Sequence))
        {
            Shared.Counters.Drop(TransportDrop.Duplicate);
            return;
        }

        NoteNumber(header.Sequence, IsReported ? AudienceAge.Long : header.AudienceAge);
        if (deadline < now)
        {
            Shared.Counters.Drop(TransportDrop.Late);
            Peer.Realtime.Late++;
            return;
        }

        Peer.Realtime.InTime++;
        deadline = MonoTime.Min(deadline, now + TransportLimits.MaxDeadline);
        if (header.Count == 1)
            TakeWhole(payload, deadline);
        else
            TakeFragment(header, deadline, payload);
    }

    /// <summary>Writes an entry for every route over which something came since the last; says how many.</summary>
    public int WriteReport(ref WireWriter writer)
    {
        _isReportQueued = false;
        var entries = 0;
        for (var token = 0; token < WireLimits.MaxRoutes && !IsEnded; token++)
        {
            ref var arrivals = ref _arrivals[token];
            if (!arrivals.HasNews)
                continue;
            ReportPacket.WriteEntry(ref writer, arrivals.Take(Id.Number, token));
            entries++;
        }

        return entries;
    }

    public void OnAbandoned(RealtimeJoin join, TransportDrop reason)
    {
        Shared.Counters.Drop(reason);
        Shared.Timers.Remove(join);
        _joins.Remove(join);
    }

    public override bool TryTake(MonoTime now, out QueuedMessage message, out ulong number)
    {
        number = 0;
        while (HasMessages)
        {
            message = PopMessage();
            if (message.Deadline >= now)
            {
                Peer.Realtime.Delivered += RealtimeOrigin.PacketsOf(message.Length);
                return true;
            }

            Shared.Counters.Drop(TransportDrop.Late);
            Shared.Release(Peer, message);
        }

        message = default;
        return false;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        return false;
    }

    public override void HandleTimeout(MonoTime now)
    {
        if (now - _lastActivity >= TransportLimits.RealtimeIdle)
            End(now, FlowEndReason.Idle);
        else
            Shared.Timers.Set(this, _lastActivity + TransportLimits.RealtimeIdle);
    }

    protected override void ReleaseUnfinished()
    {
        while (OldestJoin is { } join)
            Shared.Joins.Abandon(join, TransportDrop.FlowEnded);
    }

    /// <summary>
    /// Every packet that was offered has a number, also one that the origin let go of: so who sees the numbers knows what is missing, and needs no word of the
    /// origin that would be about another moment. A jump that no loss explains is a flow that goes on after a pause, or that
    /// went to others meanwhile; what comes from before the first that came counts by itself.
    /// </summary>
    private void NoteNumber(uint sequence, int audienceAge)
    {
        if (!_hasNumber)
            (_lowest, _highest) = (sequence, sequence - 1);
        _hasNumber = true;
        var step = (int)(sequence - _highest);
        if (step <= 0)
        {
            Peer.Realtime.Expected += (int)(sequence - _lowest) < 0 || _unjudged?.Take(sequence) == true ? 1 : 0;
            return;
        }

        var isJudged = step <= TransportLimits.MostMissing && !AudienceAge.Spans(audienceAge, step);
        Peer.Realtime.Expected += isJudged ? step : 1;
        if (!isJudged && !IsReported)
            _unjudged ??= new();
        _unjudged?.Pass(_highest, sequence, isJudged);
        _highest = sequence;

        // Numbers come round: half of them on, everything would lie before the first.
        if (_highest - _lowest > RememberedBehind)
            _lowest = _highest - RememberedBehind;
    }

    private void NoteArrival(MonoTime now, in RealtimeHeader header, Duration left, bool marked, bool strained)
    {
        _arrivals[header.Token].Add(header.Sequence, left, marked, strained);
        if (_isReportQueued)
            return;
        _isReportQueued = true;
        Peer.Reporter.Add(now, this);
    }

    private void TakeWhole(ReadOnlySpan<byte> payload, MonoTime deadline)
    {
        if (!TryMakeRoom())
            return;
        var place = -1;
        if (!payload.IsEmpty)
        {
            while (!Shared.ReceiveMemory.TryTake(Peer, SegmentPool.PlaceBytes))
            {
                if (!TryDropStalest())
                {
                    CancelReserve();
                    return;
                }
            }

            place = Shared.Segments.RentCopy(payload);
        }

        PushMessage(new QueuedMessage { Place = place, Length = payload.Length, Deadline = deadline });
    }

    private void TakeFragment(in RealtimeHeader header, MonoTime deadline, ReadOnlySpan<byte> payload)
    {
        var first = header.Sequence - header.Index;
        if (!TryFindJoin(first, header.Count, out var join))
        {
            Shared.Counters.Drop(TransportDrop.Contradiction);
            return;
        }

        if (join is null)
        {
            if (!Shared.Joins.TryBegin(this, first, header.Count, out join))
            {
                Shared.Counters.Drop(TransportDrop.JoinsFull);
                return;
            }

            _joins.Add(join);
        }

        join.Add(header.Index, deadline, payload);
        Shared.Timers.Set(join, join.Deadline + Duration.FromNanoseconds(1));
        if (join.IsComplete)
            Finish(join);
    }

    /// <summary>The message that a fragment belongs to, null for a new one; false when it would overlap another.</summary>
    private bool TryFindJoin(uint first, int count, out RealtimeJoin? join)
    {
        join = null;
        foreach (var other in _joins)
        {
            if (other.First == first && other.Count == count)
            {
                join = other;
                return true;
            }

            if (first - other.First < (uint)other.Count || other.First - first < (uint)count)
                return false;
        }

        return true;
    }

    private void Finish(RealtimeJoin join)
    {
        Shared.Timers.Remove(join);
        if (!TryMakeRoom())
        {
            Shared.Joins.Abandon(join, TransportDrop.ReceiveQueueFull);
            return;
        }

        PushMessage(new QueuedMessage
        {
            Place = -1,
            Buffer = join.Buffer,
            Length = join.Length,
            BufferBytes = join.BufferBytes,
            IsRealtime = true,
            Deadline = join.Deadline,
        });
        _joins.Remove(join);
        Shared.Joins.Remove(join);
    }

    private bool TryMakeRoom()
    {
        if (MessageCount >= TransportLimits.RealtimeReceiveQueue)
            TryDropStalest();
        if (TryReserveMessage())
            return true;
        return TryDropStalest() && TryReserveMessage();
    }

    private bool TryDropStalest()
    {
        if (!HasMessages)
        {
            Shared.Counters.Drop(TransportDrop.NoReceiveMemory);
            return false;
        }

        Shared.Counters.Drop(TransportDrop.ReceiveQueueFull);
        Shared.Release(Peer, PopMessage());
        return true;
    }

    [InlineArray(WireLimits.MaxRoutes)]
    private struct Arrivals
    {
        private PathArrivals _first;
    }
}
