using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The places of the smallest sums of two rows, in ascending order, the lower place first among equals; as many as there is room
/// for. An entry is its sum and its place in one number, so that it is compared and moved as one.
/// </summary>
internal ref struct ShortList(Span<long> entries)
{
    /// <summary>The most that one list holds: a first look at the rows finds a bound that so many sums lie below.</summary>
    public const int Room = 8;

    private readonly Span<long> _entries = entries;

    public int Count { get; private set; }

    public static int CostOf(long entry) => (int)(entry >> 32);

    public static int PlaceOf(long entry) => (int)entry;

    /// <summary>The least sum of two rows of one length, in whole vectors.</summary>
    public static int Least(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var least = LeastByLane(first, second);
        var all = Topology.Unreachable;
        for (var lane = 0; lane < Vector256<int>.Count; lane++)
            all = Math.Min(all, least[lane]);
        return all;
    }

    public void Fill(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        Count = 0;
        var least = LeastByLane(first, second);
        var bound = 0;
        for (var lane = 0; lane < Vector256<int>.Count; lane++)
            bound = Math.Max(bound, least[lane]);

        // Each lane has a sum at or below the bound, so the list fills up, and little else comes near it.
        bound = Math.Min(bound + 1, Topology.Unreachable);
        ref var left = ref MemoryMarshal.GetReference(first);
        ref var right = ref MemoryMarshal.GetReference(second);
        var limit = Vector256.Create(bound);
        for (var at = 0; at < first.Length; at += Vector256<int>.Count)
        {
            var sums = Vector256.LoadUnsafe(ref left, (nuint)at) + Vector256.LoadUnsafe(ref right, (nuint)at);
            for (var below = Vector256.LessThan(sums, limit).ExtractMostSignificantBits(); below != 0; below &= below - 1)
            {
                var place = at + BitOperations.TrailingZeroCount(below);
                Insert(((long)(first[place] + second[place]) << 32) | (uint)place);
            }
        }
    }

    private static Vector256<int> LeastByLane(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(first.Length % Vector256<int>.Count, 0, nameof(first));
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length, nameof(second));
        ref var left = ref MemoryMarshal.GetReference(first);
        ref var right = ref MemoryMarshal.GetReference(second);
        var least = Vector256.Create(Topology.Unreachable);
        for (var at = 0; at < first.Length; at += Vector256<int>.Count)
            least = Vector256.Min(least, Vector256.LoadUnsafe(ref left, (nuint)at) + Vector256.LoadUnsafe(ref right, (nuint)at));
        return least;
    }

    private void Insert(long entry)
    {
        var at = Count;
        if (at == _entries.Length)
        {
            if (entry >= _entries[--at])
                return;
        }
        else
        {
            Count++;
        }

        for (; at > 0 && _entries[at - 1] > entry; at--)
            _entries[at] = _entries[at - 1];
        _entries[at] = entry;
    }
}
