using System.Numerics;
using System.Runtime.CompilerServices;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A multicast flow's segments that came before their turn, in ascending order, in an array that exists only while there
/// are any. A destination sees few of the numbers or all of them, so what it holds is a list and no window. The array and
/// the places count as receive memory ahead of its turn.
/// </summary>
internal struct MulticastAheadBuffer
{
    private const int Smallest = 8;

    private MulticastAhead[]? _segments;
    private int _head;

    public int Count { get; private set; }

    public readonly bool IsEmpty => Count == 0;

    public readonly ref MulticastAhead First => ref _segments![_head];

    public readonly bool Holds(ulong sequence) => IndexOf(sequence) >= 0;

    /// <summary>Whether a segment lies behind everything that is held and does not follow on it.</summary>
    public readonly bool OpensGap(ulong turn) => Count == 0 || turn > _segments![_head + Count - 1].Sequence + 1;

    /// <summary>Takes a copy of a segment that it does not hold.</summary>
    public bool TryAdd(TransportShared shared, Peer peer, in MulticastSegmentHeader header, ulong turn, ReadOnlySpan<byte> payload)
    {
        if (!TryReserve(shared, peer) || !shared.ReceiveMemory.TryTakeAhead(peer, SegmentPool.PlaceBytes))
        {
            ReleaseIfEmpty(shared, peer);
            return false;
        }

        var index = ~IndexOf(header.Sequence);
        Array.Copy(_segments!, index, _segments!, index + 1, _head + Count - index);
        _segments![index] = new MulticastAhead
        {
            Sequence = header.Sequence,
            Turn = turn,
            Place = shared.Segments.RentCopy(payload),
            Part = header.Part,
            Length = (ushort)payload.Length,
        };
        Count++;
        return true;
    }

    /// <summary>The first segment's turn has come: its place is someone else's now, and counts there.</summary>
    public void RemoveFirst(TransportShared shared, Peer peer)
    {
        shared.ReceiveMemory.GiveAhead(peer, SegmentPool.PlaceBytes);
        _segments![_head++] = default;
        Count--;
        ReleaseIfEmpty(shared, peer);
    }

    public void Clear(TransportShared shared, Peer peer)
    {
        while (Count > 0)
        {
            shared.Segments.Return(First.Place);
            RemoveFirst(shared, peer);
        }
    }

    /// <summary>The runs of held segments, the lowest first, of which none of this destination's is missing; says how many.</summary>
    public readonly int CopyRanges(Span<SequenceRange> ranges)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            ref var segment = ref _segments![_head + i];
            if (count > 0 && segment.Turn <= ranges[count - 1].End)
                ranges[count - 1] = new SequenceRange(ranges[count - 1].First, segment.Sequence + 1);
            else if (count < ranges.Length)
                ranges[count++] = new SequenceRange(segment.Sequence, segment.Sequence + 1);
            else
                break;
        }

        return count;
    }

    private static int BytesOf(int length) => length * Unsafe.SizeOf<MulticastAhead>();

    private readonly int IndexOf(ulong sequence)
    {
        var low = _head;
        var high = _head + Count;
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (_segments![middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _head + Count && _segments![low].Sequence == sequence ? low : ~low;
    }

    private bool TryReserve(TransportShared shared, Peer peer)
    {
        if (_segments is not null && _head + Count < _segments.Length)
            return true;
        if (_segments is not null && _head >= _segments.Length / 4)
        {
            Array.Copy(_segments, _head, _segments, 0, Count);
            _head = 0;
            return true;
        }

        var length = _segments is null ? Smallest : (int)BitOperations.RoundUpToPowerOf2((uint)_segments.Length + 1);
        if (!shared.ReceiveMemory.TryTakeAhead(peer, BytesOf(length)))
            return false;
        var grown = shared.MulticastAheadBlocks.Rent(length);
        var kept = Count;
        if (_segments is not null)
        {
            Array.Copy(_segments, _head, grown, 0, kept);
            Release(shared, peer);
        }

        _segments = grown;
        return true;
    }

    private void ReleaseIfEmpty(TransportShared shared, Peer peer)
    {
        if (Count == 0 && _segments is not null)
            Release(shared, peer);
    }

    private void Release(TransportShared shared, Peer peer)
    {
        shared.ReceiveMemory.GiveAhead(peer, BytesOf(_segments!.Length));
        shared.MulticastAheadBlocks.Return(_segments);
        _segments = null;
        _head = 0;
    }
}
