using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The origin's end of a Realtime flow: a bounded queue from which the stalest message goes when it is full, and every
/// message when its time is over. What was sent is forgotten; repair is the hops' business.
/// </summary>
internal sealed class RealtimeSender : OutboundFlow
{
    private readonly Duration _deadline;
    private RealtimeSegment[]? _ring;
    private uint _first;
    private int _count;

    public RealtimeSender(
        OutboundFlows table, FlowHandle handle, TransportShared shared, Peer peer, Lane lane, byte priority, Duration deadline)
        : base(table, handle, shared, peer, lane, priority) => _deadline = deadline;

    public override bool WantsToSend => _count > 0;

    public override SendResult Send(MonoTime now, ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        if (IsEnded || IsClosing)
            return SendResult.Closed;
        if (message.Length > WireLimits.MaxMessage)
            return SendResult.TooLong;
        DropExpired(now);
        var segments = Math.Max(1, (message.Length + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment);
        while (_count > 0 && (_count + segments > TransportLimits.RealtimeQueueSegments || !Shared.SendMemory.HasRoomFor(segments)))
            DropFirstMessage(TransportDrop.SendQueueFull);
        if (!Shared.SendMemory.HasRoomFor(segments))
        {
            Shared.SendMemory.Block(this);
            return SendResult.WouldBlock;
        }

        if (!HasNumber)
            TakeNumber(Peer.NextFlowNumber++);
        Enqueue(message, segments, now + _deadline);
        Accepted++;
        number = Accepted;
        Shared.Counters.MessagesAccepted++;
        Shared.Scheduler.Wake(this);
        return SendResult.Accepted;
    }

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        DropExpired(now);
        if (_count == 0)
        {
            EndIfDone(now);
            return false;
        }

        var segment = At(_first);
        var writer = new WireWriter(buffer);
        new RealtimeHeader
        {
            OriginEpoch = Shared.Self,
            Flow = Number,
            Sequence = _first,
            Index = segment.Index,
            Count = segment.Count,
        }.Write(ref writer);
        writer.WriteBytes(Shared.Segments.Read(segment.Place, segment.Length));
        length = writer.Length;
        transmit = new TransportTransmit(Peer.Id, Lane.RouteToken, Lane.Class, Priority, segment.Deadline);
        Shared.Counters.FragmentsSent++;
        Shared.Counters.BytesSent += segment.Length;
        RemoveFirst();
        EndIfDone(now);
        return true;
    }

    /// <summary>Set while a closed flow still has something queued, which at the latest its deadlines clear away.</summary>
    public override void HandleTimeout(MonoTime now)
    {
        DropExpired(now);
        EndIfDone(now);
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
            Shared.Timers.Set(this, At(_first + (uint)_count - 1).Deadline + Duration.FromNanoseconds(1));
    }

    protected override void ReleaseAll()
    {
        while (_count > 0)
            RemoveFirst();
    }

    private ref RealtimeSegment At(uint sequence) => ref _ring![sequence & (uint)(_ring.Length - 1)];

    private void DropExpired(MonoTime now)
    {
        while (_count > 0 && At(_first).Deadline < now)
            DropFirstMessage(TransportDrop.ExpiredBeforeSending);
    }

    private void DropFirstMessage(TransportDrop reason)
    {
        Shared.Counters.Drop(reason);
        do
            RemoveFirst();
        while (_count > 0 && At(_first).Index > 0);
    }

    private void RemoveFirst()
    {
        Shared.Segments.Return(At(_first).Place);
        Shared.SendMemory.Give(1);
        _first++;
        if (--_count > 0)
            return;
        Shared.RealtimeBlocks.Return(_ring!);
        _ring = null;
    }

    private void Enqueue(ReadOnlySpan<byte> message, int segments, MonoTime deadline)
    {
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
