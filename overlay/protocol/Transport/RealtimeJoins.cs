using System.Buffers;
using System.Numerics;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// All Realtime messages that the node is joining, the oldest first: bounded in number and bytes, of which one origin
/// may take a part. A flow that reaches its origin's bound gives up its oldest; the node gives up the oldest of all, but where each
/// origin has a share of what is free, nobody's gives way to another's.
/// </summary>
internal sealed class RealtimeJoins(long memoryLimit, long limitPerOrigin, FairShare share = default)
{
    private readonly Stack<RealtimeJoin> _free = new();
    private RealtimeJoin? _oldest;
    private RealtimeJoin? _newest;

    public int Count { get; private set; }

    /// <summary>Bytes of messages being joined, and of joined ones until the application has let them go.</summary>
    public long Used { get; private set; }

    public bool TryBegin(RealtimeReceiver flow, uint first, int count, out RealtimeJoin join)
    {
        join = null!;
        var bytes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(count * WireLimits.MaxSegment, WireLimits.MaxMessage));
        while (flow.JoinCount > 0 && (flow.JoinCount >= TransportLimits.JoinsPerFlow || !Allows(flow.Peer, bytes)))
            Abandon(flow.OldestJoin!, TransportDrop.JoinsFull);
        if (!Allows(flow.Peer, bytes))
            return false;
        while (_oldest is not null && (Count >= TransportLimits.Joins || Used + bytes > memoryLimit))
            Abandon(_oldest, TransportDrop.JoinsFull);
        if (Used + bytes > memoryLimit)
            return false;
        Used += bytes;
        flow.Peer.JoinBytes += bytes;
        flow.Peer.JoinCount++;
        join = _free.TryPop(out var pooled) ? pooled : new RealtimeJoin(this);
        join.Begin(flow, first, count, ArrayPool<byte>.Shared.Rent(bytes), bytes);
        join.Older = _newest;
        join.Newer = null;
        if (_newest is null)
            _oldest = join;
        else
            _newest.Newer = join;
        _newest = join;
        Count++;
        return true;
    }

    /// <summary>Lets an incomplete message go.</summary>
    public void Abandon(RealtimeJoin join, TransportDrop reason)
    {
        var flow = join.Flow!;
        flow.OnAbandoned(join, reason);
        ArrayPool<byte>.Shared.Return(join.Buffer!);
        Give(flow.Peer, join.BufferBytes);
        Remove(join);
    }

    /// <summary>The join is over; its buffer is someone else's.</summary>
    public void Remove(RealtimeJoin join)
    {
        join.Flow!.Peer.JoinCount--;
        if (join.Older is null)
            _oldest = join.Newer;
        else
            join.Older.Newer = join.Newer;
        if (join.Newer is null)
            _newest = join.Older;
        else
            join.Newer.Older = join.Older;
        join.Older = null;
        join.Newer = null;
        join.Clear();
        Count--;
        if (_free.Count < TransportLimits.Joins)
            _free.Push(join);
    }

    private bool Allows(Peer origin, int bytes) => origin.JoinBytes + bytes <= limitPerOrigin
        && share.Allows(memoryLimit - Used, memoryLimit, origin.JoinBytes, bytes) && share.Allows(TransportLimits.Joins - Count, TransportLimits.Joins, origin.JoinCount, 1);

    public void Give(Peer peer, int bytes)
    {
        Used -= bytes;
        peer.JoinBytes -= bytes;
    }
}
