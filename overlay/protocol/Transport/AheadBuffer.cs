using System.Numerics;
using System.Runtime.CompilerServices;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A flow's segments that came before their turn, in a ring that exists only while there are any. The ring and the
/// places count as receive memory ahead of its turn; what was taken in stays until its turn.
/// </summary>
internal struct AheadBuffer
{
    private const int SmallestRing = 8;

    private AheadSegment[]? _ring;
    private int _count;

    /// <summary>One past the highest segment that was ever taken in.</summary>
    public ulong End { get; private set; }

    public readonly bool IsEmpty => _count == 0;

    public readonly bool Holds(ulong sequence) => _ring is not null && sequence < End && this[sequence].IsHeld;

    public readonly ref AheadSegment this[ulong sequence] => ref _ring![sequence & (ulong)(_ring.Length - 1)];

    /// <summary>Takes a copy of a segment that it does not hold and that lies within the credit from <paramref name="next"/> on.</summary>
    public bool TryAdd(TransportShared shared, Peer peer, ulong next, ulong sequence, in StreamHeader header, ReadOnlySpan<byte> payload)
    {
        if (!TryReserve(shared, peer, next, sequence) || !shared.ReceiveMemory.TryTakeAhead(peer, SegmentPool.PlaceBytes))
        {
            ReleaseIfEmpty(shared, peer);
            return false;
        }

        this[sequence] = new AheadSegment
        {
            Place = shared.Segments.RentCopy(payload),
            Part = header.Part,
            Length = (ushort)payload.Length,
            IsHeld = true,
        };
        _count++;
        End = Math.Max(End, sequence + 1);
        return true;
    }

    /// <summary>The segment's turn has come: its place is someone else's now, and counts there.</summary>
    public void Remove(TransportShared shared, Peer peer, ulong sequence)
    {
        shared.ReceiveMemory.GiveAhead(peer, SegmentPool.PlaceBytes);
        this[sequence] = default;
        _count--;
        ReleaseIfEmpty(shared, peer);
    }

    public void Clear(TransportShared shared, Peer peer)
    {
        if (_ring is null)
            return;
        foreach (ref var segment in _ring.AsSpan())
        {
            if (!segment.IsHeld)
                continue;
            shared.Segments.Return(segment.Place);
            shared.ReceiveMemory.GiveAhead(peer, SegmentPool.PlaceBytes);
        }

        _count = 0;
        ReleaseIfEmpty(shared, peer);
    }

    /// <summary>The runs of held segments above <paramref name="next"/>, the lowest first; says how many.</summary>
    public readonly int CopyRanges(ulong next, Span<SegmentRange> ranges)
    {
        var count = 0;
        if (_count == 0)
            return 0;
        for (var sequence = next + 1; sequence < End && count < ranges.Length; sequence++)
        {
            if (!this[sequence].IsHeld)
                continue;
            var first = sequence;
            while (sequence < End && this[sequence].IsHeld)
                sequence++;
            ranges[count++] = new SegmentRange((uint)(first - next), (uint)(sequence - first));
        }

        return count;
    }

    private bool TryReserve(TransportShared shared, Peer peer, ulong next, ulong sequence)
    {
        var wanted = sequence - next + 1;
        if (_ring is not null && wanted <= (ulong)_ring.Length)
            return true;
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(wanted, SmallestRing));
        if (!shared.ReceiveMemory.TryTakeAhead(peer, BytesOf(length)))
            return false;
        var old = this;
        _ring = shared.AheadBlocks.Rent(length);
        if (old._ring is null)
            return true;
        for (var held = next; held < End; held++)
            this[held] = old[held];
        shared.ReceiveMemory.GiveAhead(peer, BytesOf(old._ring.Length));
        shared.AheadBlocks.Return(old._ring);
        return true;
    }

    private void ReleaseIfEmpty(TransportShared shared, Peer peer)
    {
        if (_count > 0 || _ring is null)
            return;
        shared.ReceiveMemory.GiveAhead(peer, BytesOf(_ring.Length));
        shared.AheadBlocks.Return(_ring);
        _ring = null;
    }

    private static int BytesOf(int length) => length * Unsafe.SizeOf<AheadSegment>();
}
