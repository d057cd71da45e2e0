namespace WeCan.Hosting.Metrics;

/// <summary>One line of a metric (a few lines of a histogram): its labels and what they count. Written from any thread.</summary>
internal sealed class MetricSeries(KeyValuePair<string, object?>[] tags, byte[] labels, FixedHistogram? histogram)
{
    private double _value;

    public byte[] Labels { get; } = labels;

    public FixedHistogram? Histogram { get; } = histogram;

    /// <summary>The scrape that last saw it; a series that an observable instrument no longer reports is left out.</summary>
    public long SeenAt { get; set; }

    public double Value => Volatile.Read(ref _value);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var old = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, old + value, old);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(old))
                return;
            old = before;
        }
    }

    /// <summary>Whether it is the series of these tags, in the order in which its maker gives them.</summary>
    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != tags.Length)
            return false;
        for (var i = 0; i < tags.Length; i++)
        {
            if (tags[i].Key != others[i].Key || !Equals(tags[i].Value, others[i].Value))
                return false;
        }

        return true;
    }

    public static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = default(HashCode);
        foreach (var (key, value) in tags)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value);
        }

        return hash.ToHashCode();
    }
}
