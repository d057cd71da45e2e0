using System.Buffers;
using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The destination's end of a flow whose segments are taken in turn: joins them to messages and counts what it holds. Whose
/// turn it is, and what to tell the origin, is for the kinds of flow to say. A segment is taken whole or not at all, and
/// what is not taken the origin sends again. A long message's memory, its place in the queue included, is taken whole with its
/// first segment, so a message that was begun never waits for memory again.
/// <para>
/// What is kept and waits for more is not kept for ever: the flow asks for the rest, and an origin that has no such flow any
/// more says so. A packet from before this life can open such a flow here, and the first answer to it may be lost.
/// </para>
/// </summary>
internal abstract class OrderedReceiver(InboundFlows table, TransportShared shared, Peer peer, FlowId id, ServiceClass serviceClass)
    : InboundFlow(table, shared, peer, id, serviceClass)
{
    private byte[]? _join;
    private int _joinLength;
    private int _joined;
    private int _joinSegments;
    private ulong _messagesTaken;
    private bool _isStarved;
    private int _asked;
    private MonoTime _askAt = MonoTime.Never;
    private MonoTime _heardAt;

    /// <summary>Segments that were taken and that the application has not.</summary>
    protected int Held { get; private set; }

    /// <summary>Segments wait for others before them.</summary>
    protected abstract bool HasAhead { get; }

    /// <summary>When to ask for the rest, or let the flow go.</summary>
    protected MonoTime WaitEnds => MonoTime.Min(_askAt, _heardAt + TransportLimits.StreamIdle);

    private MonoTime AskTime => _heardAt + (TransportLimits.AskAgain * (1L << _asked));

    private bool IsUnfinished => _join is not null || HasAhead;

    /// <summary>The segment whose turn it is found no memory: what comes behind it is not hoarded meanwhile.</summary>
    protected bool IsTurnRefused { get; private set; }

    public sealed override void RetryStarved(MonoTime now)
    {
        _isStarved = false;
        if (!IsEnded)
            Drain(now);
    }

    public sealed override bool TryTake(MonoTime now, out QueuedMessage message, out ulong number)
    {
        number = 0;
        message = default;
        if (!HasMessages)
            return false;
        message = PopMessage();
        number = ++_messagesTaken;
        Held -= message.Segments;
        if (!IsEnded)
            OnRoom(now);
        return true;
    }

    /// <summary>Something came for the flow.</summary>
    protected void OnHeard(MonoTime now)
    {
        _heardAt = now;
        _asked = 0;
    }

    /// <summary>What came was dealt with; true when something waits for more, so that the timer must be set.</summary>
    protected bool BeginsToWait()
    {
        if (!_askAt.IsNever || IsEnded || !IsUnfinished)
            return false;
        _askAt = _heardAt + TransportLimits.AskAgain;
        return true;
    }

    /// <summary>Nothing was heard for so long that the flow is over here.</summary>
    protected bool IsIdle(MonoTime now) => now - _heardAt >= TransportLimits.StreamIdle;

    /// <summary>Whether to tell the origin again what is here, as more is needed and nothing comes.</summary>
    protected bool MustAsk(MonoTime now)
    {
        if (_askAt > now)
            return false;
        if (!IsUnfinished)
        {
            _askAt = MonoTime.Never;
            return false;
        }

        var isDue = AskTime <= now;
        _asked += isDue ? 1 : 0;
        _askAt = AskTime;
        return isDue;
    }

    /// <summary>Takes the segments that are here and whose turn has come.</summary>
    protected abstract void Drain(MonoTime now);

    /// <summary>The application has taken a message: perhaps the origin should hear of the credit.</summary>
    protected abstract void OnRoom(MonoTime now);

    /// <summary>
    /// Takes the segment whose turn it is. <paramref name="place"/> is where it is kept already, or below zero; when it is
    /// taken, the place has found its next owner or was returned.
    /// </summary>
    protected TakeResult TakeInTurn(in MessagePart part, ReadOnlySpan<byte> payload, int place)
    {
        var result = part.Begins != (_join is null) ? TakeResult.Contradiction
            : part is { Begins: true, Ends: true } ? TakeWhole(payload, place)
            : TakePart(part, payload, place);
        IsTurnRefused = result == TakeResult.NoMemory;
        Held += result == TakeResult.Taken ? 1 : 0;
        return result;
    }

    /// <summary>The segment whose turn it is waits here for memory.</summary>
    protected void Starve()
    {
        if (_isStarved)
            return;
        _isStarved = true;
        Shared.Starved.Enqueue(this);
    }

    /// <summary>The origin contradicts itself: the flow is over.</summary>
    protected void Reject(MonoTime now)
    {
        Shared.Counters.Drop(TransportDrop.Contradiction);
        Peer.Answer(now, Table.ResetFor(Id, ResetReason.Refused));
        End(now, FlowEndReason.Rejected);
    }

    /// <summary>Lets go of a message whose rest will not come.</summary>
    protected void AbandonJoin()
    {
        if (_join is null)
            return;
        Shared.Counters.Drop(TransportDrop.FlowEnded);
        ArrayPool<byte>.Shared.Return(_join);
        _join = null;
        Held -= _joinSegments;
        CancelReserve();
        Shared.ReceiveMemory.Give(Peer, JoinBytes(_joinLength));
    }

    private static int JoinBytes(int length) => (int)BitOperations.RoundUpToPowerOf2((uint)length);

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

    private TakeResult TakePart(in MessagePart part, ReadOnlySpan<byte> payload, int place)
    {
        var length = part.Begins ? part.MessageLength : _joinLength;
        var after = (part.Begins ? 0 : _joined) + payload.Length;
        if (payload.IsEmpty || after > length || part.Ends != (after == length))
            return TakeResult.Contradiction;
        if (part.Begins && !TryBeginJoin(length))
            return TakeResult.NoMemory;
        payload.CopyTo(_join.AsSpan(_joined));
        _joined = after;
        _joinSegments++;
        if (place >= 0)
            Shared.Segments.Return(place);
        if (part.Ends)
            FinishJoin();
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
}
