using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Goes through sums of two rows of whole numbers, sixteen at a time: the inner loops of the search. Rows are of one length, in whole
/// vectors. What comes out is the same whatever vectors a machine has.
/// </summary>
internal static class SumScan
{
    /// <summary>A sum and its place in one number, which orders by the sum first.</summary>
    public static long Entry(int sum, int place) => ((long)sum << 32) | (uint)place;

    public static int SumOf(long entry) => (int)(entry >> 32);

    public static int PlaceOf(long entry) => (int)entry;

    /// <summary>So many places, rounded up to whole vectors.</summary>
    public static int Whole(int count) => (count + Vector512<int>.Count - 1) / Vector512<int>.Count * Vector512<int>.Count;

    /// <summary>The least sum, and the first place that has it, but for some places.</summary>
    public static long Least(ReadOnlySpan<int> left, ReadOnlySpan<int> right, params ReadOnlySpan<int> without)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, left.Length, nameof(right));
        ref var one = ref MemoryMarshal.GetReference(left);
        ref var other = ref MemoryMarshal.GetReference(right);
        var least = Vector512.Create(int.MaxValue);
        var places = Vector512<int>.Zero;
        var place = Vector512<int>.Indices;
        for (var at = 0; at < left.Length; at += Vector512<int>.Count)
        {
            var sums = Vector512.LoadUnsafe(ref one, (nuint)at) + Vector512.LoadUnsafe(ref other, (nuint)at);
            foreach (var each in without)
                sums = Vector512.ConditionalSelect(Vector512.Equals(place, Vector512.Create(each)), Vector512.Create(int.MaxValue), sums);
            Take(ref least, ref places, sums, place);
            place += Vector512.Create(Vector512<int>.Count);
        }

        return LeastOf(least, places);
    }

    /// <summary>
    /// Of each sixteenth place's sums the least, and where it is; and the least of all others. So what is below that is known whole.
    /// </summary>
    public static void Rank(ReadOnlySpan<int> left, ReadOnlySpan<int> right, out RankedSums ranked)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, left.Length, nameof(right));
        ref var one = ref MemoryMarshal.GetReference(left);
        ref var other = ref MemoryMarshal.GetReference(right);
        Vector512<int> least = Vector512.Create(int.MaxValue), others = least, places = Vector512<int>.Zero, place = Vector512<int>.Indices;
        for (var at = 0; at < left.Length; at += Vector512<int>.Count)
        {
            Take(ref least, ref places, ref others, Vector512.LoadUnsafe(ref one, (nuint)at) + Vector512.LoadUnsafe(ref other, (nuint)at), place);
            place += Vector512.Create(Vector512<int>.Count);
        }

        ranked = new(least, places, Least(others));
    }

    /// <summary>The same for four rows beside one.</summary>
    public static void RankFour(ReadOnlySpan<int> left0, ReadOnlySpan<int> left1, ReadOnlySpan<int> left2, ReadOnlySpan<int> left3, ReadOnlySpan<int> right, Span<RankedSums> ranked)
    {
        var length = right.Length;
        if (left0.Length != length || left1.Length != length || left2.Length != length || left3.Length != length)
            throw new ArgumentException("Rows are of one length.", nameof(right));
        ref var other = ref MemoryMarshal.GetReference(right);
        ref var one0 = ref MemoryMarshal.GetReference(left0);
        ref var one1 = ref MemoryMarshal.GetReference(left1);
        ref var one2 = ref MemoryMarshal.GetReference(left2);
        ref var one3 = ref MemoryMarshal.GetReference(left3);
        Vector512<int> least0 = Vector512.Create(int.MaxValue), least1 = least0, least2 = least0, least3 = least0;
        Vector512<int> others0 = least0, others1 = least0, others2 = least0, others3 = least0;
        Vector512<int> places0 = Vector512<int>.Zero, places1 = places0, places2 = places0, places3 = places0;
        var place = Vector512<int>.Indices;
        for (nuint at = 0; at < (nuint)length; at += (nuint)Vector512<int>.Count)
        {
            var row = Vector512.LoadUnsafe(ref other, at);
            Take(ref least0, ref places0, ref others0, row + Vector512.LoadUnsafe(ref one0, at), place);
            Take(ref least1, ref places1, ref others1, row + Vector512.LoadUnsafe(ref one1, at), place);
            Take(ref least2, ref places2, ref others2, row + Vector512.LoadUnsafe(ref one2, at), place);
            Take(ref least3, ref places3, ref others3, row + Vector512.LoadUnsafe(ref one3, at), place);
            place += Vector512.Create(Vector512<int>.Count);
        }

        ranked[0] = new(least0, places0, Least(others0));
        ranked[1] = new(least1, places1, Least(others1));
        ranked[2] = new(least2, places2, Least(others2));
        ranked[3] = new(least3, places3, Least(others3));
    }

    /// <summary>
    /// The first place from <paramref name="from"/> on that is a whole vector's, with a bit for each of its sums from the one bound to the
    /// other, both included; the length where there is none.
    /// </summary>
    public static int Next(ReadOnlySpan<int> left, ReadOnlySpan<int> right, int from, int least, int most, out ulong bits)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(right.Length, left.Length, nameof(right));
        ref var one = ref MemoryMarshal.GetReference(left);
        ref var other = ref MemoryMarshal.GetReference(right);
        var (low, span) = (Vector512.Create(least), Vector512.Create((uint)(most - least)));
        for (var at = from; at < left.Length; at += Vector512<int>.Count)
        {
            var sums = Vector512.LoadUnsafe(ref one, (nuint)at) + Vector512.LoadUnsafe(ref other, (nuint)at);
            bits = Vector512.LessThanOrEqual((sums - low).AsUInt32(), span).ExtractMostSignificantBits();
            if (bits != 0)
                return at;
        }

        bits = 0;
        return left.Length;
    }

    /// <summary>The least of sixteen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Least(Vector512<int> values)
    {
        var eight = Vector256.Min(values.GetLower(), values.GetUpper());
        var four = Vector128.Min(eight.GetLower(), eight.GetUpper());
        var two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>The least of sixteen ways, which have nothing below zero but second relays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FoundWay LeastWay(Vector512<int> costs, Vector512<int> firsts, Vector512<int> seconds)
    {
        // A way in one number, which orders by the cost first and then by the first relay: no two ways have that alike.
        var relays = ((firsts << 16) | (seconds & Vector512.Create(0xFFFF))).AsUInt32();
        var eight = Vector512.Min(Entries(Vector512.WidenLower(costs.AsUInt32()), Vector512.WidenLower(relays)), Entries(Vector512.WidenUpper(costs.AsUInt32()), Vector512.WidenUpper(relays)));
        var four = Vector256.Min(eight.GetLower(), eight.GetUpper());
        var two = Vector128.Min(four.GetLower(), four.GetUpper());
        var least = Vector128.Min(two, Vector128.Shuffle(two, Vector128.Create(1, 0))).ToScalar();
        return new(SumOf(least), PlaceOf(least) >> 16, (short)least);
    }

    private static Vector512<long> Entries(Vector512<ulong> costs, Vector512<ulong> relays) => ((costs << 32) | relays).AsInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ref Vector512<int> least, ref Vector512<int> places, ref Vector512<int> others, Vector512<int> sums, Vector512<int> place)
    {
        others = Vector512.Min(others, Vector512.Max(least, sums));
        Take(ref least, ref places, sums, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(ref Vector512<int> least, ref Vector512<int> places, Vector512<int> sums, Vector512<int> place)
    {
        places = Vector512.ConditionalSelect(Vector512.LessThan(sums, least), place, places);
        least = Vector512.Min(least, sums);
    }

    /// <summary>The least of sums, and the first of their places that has it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long LeastOf(Vector512<int> sums, Vector512<int> places)
    {
        var sum = Least(sums);
        return Entry(sum, Least(Vector512.ConditionalSelect(Vector512.Equals(sums, Vector512.Create(sum)), places, Vector512.Create(int.MaxValue))));
    }
}
