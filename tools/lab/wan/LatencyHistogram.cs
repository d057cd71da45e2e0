using System.Numerics;

namespace WeCan.Lab.Wan;

/// <summary>Counts times by size, each within a thirty-second of itself, without allocating.</summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];

    public long Count { get; private set; }

    public long MaxNanoseconds { get; private set; }

    public void Add(long nanoseconds)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        MaxNanoseconds = Math.Max(MaxNanoseconds, nanoseconds);
        _counts[BucketOf(nanoseconds)]++;
        Count++;
    }

    /// <summary>The least time that this share of all was within; 0 of none.</summary>
    public double MillisecondsAt(double share)
    {
        var wanted = (long)Math.Ceiling(Count * share);
        for (var bucket = 0; bucket < _counts.Length && Count > 0; bucket++)
        {
            wanted -= _counts[bucket];
            if (wanted <= 0)
                return Math.Min(TopOf(bucket), MaxNanoseconds) / 1e6;
        }

        return 0;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return ((shift + 1) << SubBits) + (int)((value >> shift) & (SubBuckets - 1));
    }

    private static long TopOf(int bucket)
    {
        var shift = (bucket >> SubBits) - 1;
        return shift < 0 ? bucket : ((long)(SubBuckets + (bucket & (SubBuckets - 1)) + 1) << shift) - 1;
    }
}
