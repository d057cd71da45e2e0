using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>The places of the smallest sums of two rows, in ascending order, the lower place first among equals; as many as there is room for.</summary>
internal ref struct ShortList(Span<int> costs, Span<int> places)
{
    /// <summary>The most that one list holds: a first look at the rows finds a bound that so many sums lie below.</summary>
    public const int Room = 8;

    private readonly Span<int> _costs = costs;
    private readonly Span<int> _places = places;

    public int Count { get; private set; }

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
                Insert(first[place] + second[place], place);
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

    private void Insert(int cost, int place)
    {
        if (Count == _costs.Length && cost >= _costs[^1])
            return;
        var at = Count < _costs.Length ? Count++ : Count - 1;
        for (; at > 0 && _costs[at - 1] > cost; at--)
            (_costs[at], _places[at]) = (_costs[at - 1], _places[at - 1]);
        (_costs[at], _places[at]) = (cost, place);
    }
}
