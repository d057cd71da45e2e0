namespace WeCan.Hosting.Metrics;

/// <summary>
/// A histogram that one thread writes, typically a network loop, and a scrape reads at any time without a lock: a record
/// costs a short search and two plain writes, and allocates nothing. Buckets are fixed, a value counts in the first whose
/// bound it does not exceed, the last bucket has no bound. A reader may see a value in the buckets and not yet in the sum.
/// </summary>
public sealed class FixedHistogram
{
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    public FixedHistogram(params ReadOnlySpan<double> bounds)
    {
        for (var i = 1; i < bounds.Length; i++)
        {
            if (!(bounds[i] > bounds[i - 1]))
                throw new ArgumentException("The bounds of a histogram rise.", nameof(bounds));
        }

        _bounds = bounds.ToArray();
        _counts = new long[bounds.Length + 1];
    }

    public ReadOnlySpan<double> Bounds => _bounds;

    public double Sum => Volatile.Read(ref _sum);

    public void Record(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
            bucket++;
        Volatile.Write(ref _counts[bucket], _counts[bucket] + 1);
        Volatile.Write(ref _sum, _sum + value);
    }

    /// <summary>Values in one bucket by itself.</summary>
    internal long CountOf(int bucket) => Volatile.Read(ref _counts[bucket]);

    /// <summary>The same from many threads, for instruments of the platform's own kind.</summary>
    internal void RecordShared(double value)
    {
        var bucket = 0;
        while (bucket < _bounds.Length && value > _bounds[bucket])
            bucket++;
        Interlocked.Increment(ref _counts[bucket]);
        var sum = Volatile.Read(ref _sum);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _sum, sum + value, sum);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(sum))
                return;
            sum = before;
        }
    }
}
