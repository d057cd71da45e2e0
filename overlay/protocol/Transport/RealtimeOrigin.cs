using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// What the origins of all Realtime flows have in common: a bounded queue from which the stalest message goes when it is
/// full, and every message when its time is over. What was sent is forgotten; repair is the hops' business. The flow itself
/// stands in the backlog's line; what goes out is sent by items of the kinds of flow.
/// </summary>
internal abstract class RealtimeOrigin : OutboundFlow
{
    private RealtimeSegment[]? _ring;

    protected RealtimeOrigin(OutboundFlows table, FlowHandle handle, TransportShared shared, Peer peer, Lane lane, byte priority, Duration deadline)
        : base(table, handle, shared, peer, lane, priority) => Deadline = deadline;

    public sealed override bool WantsToSend => false;

    /// <summary>The sequence number that the next packet gets.</summary>
    public uint QueueEnd => First + (uint)Count;

    /// <summary>How long a message is worth something from its Send on, at the most.</summary>
    public Duration Deadline { get; }

    /// <summary>The sequence number of the first packet in the queue.</summary>
    protected uint First { get; private set; }

    /// <summary>Packets in the queue.</summary>
    protected int Count { get; private set; }

    public sealed override SendResult Send(MonoTime now, ReadOnlySpan<byte> message, out ulong number) => SendUntil(now, message, now + Deadline, out number);

    /// <summary>Takes a message that has a deadline of its own; the flow's is the longest.</summary>
    public SendResult SendUntil(MonoTime now, ReadOnlySpan<byte> message, MonoTime deadline, out ulong number)
    {
        number = 0;
        if (IsEnded || IsClosing)
            return SendResult.Closed;
        if (message.Length > WireLimits.MaxMessage)
            return SendResult.TooLong;
        DropExpired(now);
        var segments = PacketsOf(message.Length);
        while (Count > 0 && Count + segments > TransportLimits.RealtimeQueueSegments)
            DropFirstMessage(TransportDrop.SendQueueFull);
        if (!TryMakeRoom(segments))
        {
            Shared.SendMemory.Block(this, segments);
            return SendResult.WouldBlock;
        }

        if (!HasNumber)
            TakeNumber(Peer.NextFlowNumber++);
        BeforeEnqueue(now, segments);
        Enqueue(message, segments, now, MonoTime.Min(deadline, now + Deadline));
        Accepted++;
        number = Accepted;
        Shared.Counters.MessagesAccepted++;
        WakeItems();
        return SendResult.Accepted;
    }

    public sealed override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length)
    {
        transmit = default;
        length = 0;
        return false;
    }

    /// <summary>Into how many packets a message is cut.</summary>
    public static int PacketsOf(int length) => length <= WireLimits.MaxWholeRealtime ? 1 : (length + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment;

    /// <summary>The stalest message goes, as the node's memory is wanted for another.</summary>
    public void GiveWay(TransportDrop reason) => DropFirstMessage(reason);

    /// <summary>Set while a closed flow still has something queued, which at the latest its deadlines clear away.</summary>
    public sealed override void HandleTimeout(MonoTime now)
    {
        DropExpired(now);
        EndIfDone(now);
    }

    public sealed override bool TryGetEndNotice(FlowEndReason reason, out ResetPacket notice)
    {
        // A destination lets a silent Realtime flow go by itself; earlier would be wrong, as duplicates may still come.
        notice = default;
        return false;
    }

    protected sealed override void EndIfDone(MonoTime now)
    {
        if (!IsClosing || IsEnded)
            return;
        if (Count == 0)
            End(now, FlowEndReason.Closed);
        else
            Shared.Timers.Set(this, MonoTime.Max(At(First).Deadline, At(QueueEnd - 1).Deadline) + Duration.FromNanoseconds(1));
    }

    protected override void ReleaseAll()
    {
        while (Count > 0)
            DropFirstMessage(TransportDrop.FlowEnded);
    }

    /// <summary>A message of so many packets was accepted and is about to stand in the queue.</summary>
    protected virtual void BeforeEnqueue(MonoTime now, int segments)
    {
    }

    /// <summary>There is something to send.</summary>
    protected abstract void WakeItems();

    /// <summary>Whether some copy of a packet in the queue has gone out.</summary>
    protected abstract bool IsOutAlready(uint sequence);

    /// <summary>The first packet has left the queue.</summary>
    protected abstract void OnFirstRemoved();

    protected ref RealtimeSegment At(uint sequence) => ref _ring![sequence & (uint)(_ring.Length - 1)];

    /// <summary>Writes a packet of the queue with what the header says of its way; says how long it is.</summary>
    protected int Write(uint sequence, in RealtimeHeader header, Span<byte> buffer)
    {
        var segment = At(sequence);
        var writer = new WireWriter(buffer);
        (header with
        {
            OriginEpoch = Shared.Self,
            Flow = Number,
            Sequence = sequence,
            Index = segment.Index,
            Count = segment.Count,
        }).Write(ref writer);
        writer.WriteBytes(Shared.Segments.Read(segment.Place, segment.Length));
        return writer.Length;
    }

    protected void DropExpired(MonoTime now)
    {
        while (Count > 0 && At(First).Deadline < now)
            DropFirstMessage(TransportDrop.ExpiredBeforeSending);
    }

    protected void DropFirstMessage(TransportDrop reason)
    {
        var head = At(First);
        var isOut = IsOutAlready(First + head.Count - head.Index - 1u);
        Shared.Counters.Drop(isOut ? TransportDrop.CopyShed : reason);
        do
            RemoveFirst();
        while (Count > 0 && At(First).Index > 0);
    }

    protected void RemoveFirst()
    {
        Shared.Segments.Return(At(First).Place);
        Shared.SendMemory.Give(Peer, 1);
        First++;
        Count--;
        OnFirstRemoved();
        if (Count > 0)
            return;
        Shared.Backlog.Remove(this);
        Shared.RealtimeBlocks.Return(_ring!);
        _ring = null;
    }

    /// <summary>Where destinations have shares, none's messages give way to another's: the flow lets its own stalest go.</summary>
    private bool TryMakeRoom(int segments)
    {
        while (!Shared.SendMemory.HasRoomFor(Peer, segments))
        {
            if (Shared.Options.FairParts == 0)
            {
                if (!Shared.Backlog.TryGiveWay(Priority))
                    return false;
            }
            else if (Count == 0)
            {
                return false;
            }
            else
            {
                DropFirstMessage(TransportDrop.SendQueueFull);
            }
        }

        return true;
    }

    private void Enqueue(ReadOnlySpan<byte> message, int segments, MonoTime now, MonoTime deadline)
    {
        if (Count == 0)
            Shared.Backlog.Add(this);
        Reserve(segments);
        Shared.SendMemory.Take(Peer, segments);
        for (var i = 0; i < segments; i++)
        {
            var length = segments == 1 ? message.Length : Math.Min(message.Length, WireLimits.MaxSegment);
            var place = Shared.Segments.RentCopy(message[..length]);
            At(First + (uint)Count++) = new RealtimeSegment(place, (ushort)length, (ushort)i, (ushort)segments, now, deadline);
            message = message[length..];
        }
    }

    private void Reserve(int more)
    {
        var wanted = Count + more;
        if (_ring is not null && wanted <= _ring.Length)
            return;
        var old = _ring;
        var ring = Shared.RealtimeBlocks.Rent((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(wanted, 4)));
        for (var i = 0u; i < Count; i++)
            ring[(First + i) & (uint)(ring.Length - 1)] = At(First + i);
        _ring = ring;
        if (old is not null)
            Shared.RealtimeBlocks.Return(old);
    }
}
