using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The origin's end of a Realtime flow: a bounded queue from which the stalest message goes when it is full, and every
/// message when its time is over. It goes out over one route or two, whole over each; a packet leaves the queue when it
/// has gone over all of them. What was sent is forgotten; repair is the hops' business.
/// </summary>
internal sealed class RealtimeSender : OutboundFlow
{
    private readonly Duration _deadline;
    private readonly int _paths;
    private readonly RealtimeLeg?[] _legs = new RealtimeLeg?[WireLimits.MaxRoutes];
    private RealtimeSegment[]? _ring;
    private uint _active;
    private uint _first;
    private int _count;

    public RealtimeSender(
        OutboundFlows table, FlowHandle handle, TransportShared shared, Peer peer, byte priority, Duration deadline, int paths)
        : base(table, handle, shared, peer, peer.Lane, priority)
    {
        _deadline = deadline;
        _paths = paths;
    }

    /// <summary>The flow itself sends nothing: its legs do.</summary>
    public override bool WantsToSend => false;

    /// <summary>The sequence number that the next packet gets.</summary>
    public uint QueueEnd => _first + (uint)_count;

    public override SendResult Send(MonoTime now, ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        if (IsEnded || IsClosing)
            return SendResult.Closed;
        if (message.Length > WireLimits.MaxMessage)
            return SendResult.TooLong;
        DropExpired(now);
        var segments = Math.Max(1, (message.Length + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment);
        while (_count > 0 && _count + segments > TransportLimits.RealtimeQueueSegments)
            DropFirstMessage(TransportDrop.SendQueueFull);
        while (!Shared.SendMemory.HasRoomFor(segments) && Shared.Backlog.TryGiveWay(Priority))
        {
        }

        if (!Shared.SendMemory.HasRoomFor(segments))
        {
            Shared.SendMemory.Block(this);
            return SendResult.WouldBlock;
        }

        if (!HasNumber)
            TakeNumber(Peer.NextFlowNumber++);
        Take(Peer.Paths.RoutesFor(now, _paths, segments));
        Enqueue(message, segments, now + _deadline);
        Accepted++;
        number = Accepted;
        Shared.Counters.MessagesAccepted++;
        WakeLegs();
        return SendResult.Accepted;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        return false;
    }

    /// <summary>Writes the next packet that is to go out over one of the legs.</summary>
    public bool TryTransmitOn(MonoTime now, RealtimeLeg leg, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        DropExpired(now);
        if (!leg.WantsToSend)
        {
            EndIfDone(now);
            return false;
        }

        var sequence = leg.Next;
        var segment = At(sequence);
        var writer = new WireWriter(buffer);
        new RealtimeHeader
        {
            OriginEpoch = Shared.Self,
            Flow = Number,
            Token = leg.Token,
            TakesSeveral = (_active & (_active - 1)) != 0,
            Sequence = sequence,
            Index = segment.Index,
            Count = segment.Count,
        }.Write(ref writer);
        writer.WriteBytes(Shared.Segments.Read(segment.Place, segment.Length));
        length = writer.Length;
        transmit = new TransportTransmit(Peer.Id, leg.Token, ServiceClass.Realtime, Priority, segment.Deadline);
        if (IsOutAlready(sequence))
        {
            Shared.Counters.CopiesSent++;
        }
        else
        {
            Shared.Counters.FragmentsSent++;
            Shared.Counters.BytesSent += segment.Length;
        }

        leg.OnSent(now, sequence);
        while (_count > 0 && IsOutEverywhere(_first))
            RemoveFirst();
        EndIfDone(now);
        return true;
    }

    /// <summary>The stalest message goes, as the node's memory is wanted for another.</summary>
    public void GiveWay(TransportDrop reason) => DropFirstMessage(reason);

    /// <summary>Set while a closed flow still has something queued, which at the latest its deadlines clear away.</summary>
    public override void HandleTimeout(MonoTime now)
    {
        DropExpired(now);
        EndIfDone(now);
    }

    /// <summary>The destination tells how packets arrive.</summary>
    public void HandleReport(MonoTime now, in ReportEntry entry)
    {
        if (_legs[entry.Token] is not { } leg || !leg.TryHandleReport(now, entry, _deadline))
            Shared.Counters.Drop(TransportDrop.Contradiction);
    }

    public override bool TryGetEndNotice(FlowEndReason reason, out ResetPacket notice)
    {
        // The destination lets a silent Realtime flow go by itself; earlier would be wrong, as duplicates may still come.
        notice = default;
        return false;
    }

    protected override void EndIfDone(MonoTime now)
    {
        if (!IsClosing || IsEnded)
            return;
        if (_count == 0)
            End(now, FlowEndReason.Closed);
        else
            Shared.Timers.Set(this, At(QueueEnd - 1).Deadline + Duration.FromNanoseconds(1));
    }

    protected override void ReleaseAll()
    {
        while (_count > 0)
            DropFirstMessage(TransportDrop.FlowEnded);
        foreach (var leg in _legs)
        {
            if (leg is null)
                continue;
            leg.IsActive = false;
            Peer.LeaveLane(leg.Lane);
        }
    }

    /// <summary>
    /// Goes on over these routes, each a bit. A route that is new to the flow begins with the next message, but one that
    /// stands in for another takes over what that one had still to send.
    /// </summary>
    private void Take(uint routes)
    {
        if (routes == _active)
            return;
        var from = QueueEnd;
        for (var token = 0; token < WireLimits.MaxRoutes; token++)
        {
            if (_legs[token] is not { IsActive: true } leg || ((routes >> token) & 1) != 0)
                continue;
            from = Earlier(from, leg.Next);
            leg.IsActive = false;
        }

        for (var token = 0; token < WireLimits.MaxRoutes; token++)
        {
            if (((routes >> token) & 1) == 0 || _legs[token] is { IsActive: true })
                continue;
            var leg = _legs[token] ??= MakeLeg(token);
            leg.IsActive = true;
            leg.Next = from;
        }

        _active = routes;
        while (_count > 0 && IsOutEverywhere(_first))
            RemoveFirst();
    }

    private RealtimeLeg MakeLeg(int token)
    {
        var lane = Peer.LaneFor(token, ServiceClass.Realtime, Priority);
        lane.Users++;
        return new RealtimeLeg(this, lane);
    }

    private void WakeLegs()
    {
        foreach (var leg in _legs)
        {
            if (leg is { WantsToSend: true })
                Shared.Scheduler.Wake(leg);
        }
    }

    private static uint Earlier(uint a, uint b) => (int)(a - b) < 0 ? a : b;

    private bool IsOutAlready(uint sequence)
    {
        foreach (var leg in _legs)
        {
            if (leg is { IsActive: true } && (int)(leg.Next - sequence) > 0)
                return true;
        }

        return false;
    }

    private bool IsOutEverywhere(uint sequence)
    {
        foreach (var leg in _legs)
        {
            if (leg is { IsActive: true } && (int)(leg.Next - sequence) <= 0)
                return false;
        }

        return true;
    }

    private ref RealtimeSegment At(uint sequence) => ref _ring![sequence & (uint)(_ring.Length - 1)];

    private void DropExpired(MonoTime now)
    {
        while (_count > 0 && At(_first).Deadline < now)
            DropFirstMessage(TransportDrop.ExpiredBeforeSending);
    }

    private void DropFirstMessage(TransportDrop reason)
    {
        var head = At(_first);
        var isOut = IsOutAlready(_first + head.Count - head.Index - 1u);
        Shared.Counters.Drop(isOut ? TransportDrop.CopyShed : reason);
        do
            RemoveFirst();
        while (_count > 0 && At(_first).Index > 0);
    }

    private void RemoveFirst()
    {
        Shared.Segments.Return(At(_first).Place);
        Shared.SendMemory.Give(1);
        _first++;
        foreach (var leg in _legs)
        {
            if (leg is { IsActive: true })
                leg.Next = (int)(leg.Next - _first) < 0 ? _first : leg.Next;
        }

        if (--_count > 0)
            return;
        Shared.Backlog.Remove(this);
        Shared.RealtimeBlocks.Return(_ring!);
        _ring = null;
    }

    private void Enqueue(ReadOnlySpan<byte> message, int segments, MonoTime deadline)
    {
        if (_count == 0)
            Shared.Backlog.Add(this);
        Reserve(segments);
        Shared.SendMemory.Take(segments);
        for (var i = 0; i < segments; i++)
        {
            var length = Math.Min(message.Length, WireLimits.MaxSegment);
            var place = Shared.Segments.RentCopy(message[..length]);
            At(_first + (uint)_count++) = new RealtimeSegment(place, (ushort)length, (ushort)i, (ushort)segments, deadline);
            message = message[length..];
        }
    }

    private void Reserve(int more)
    {
        var wanted = _count + more;
        if (_ring is not null && wanted <= _ring.Length)
            return;
        var old = _ring;
        var ring = Shared.RealtimeBlocks.Rent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(wanted, 4)));
        for (var i = 0u; i < _count; i++)
            ring[(_first + i) & (uint)(ring.Length - 1)] = At(_first + i);
        _ring = ring;
        if (old is not null)
            Shared.RealtimeBlocks.Return(old);
    }
}
