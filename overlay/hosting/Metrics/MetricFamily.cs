namespace WeCan.Hosting.Metrics;

/// <summary>
/// One metric with all its series. Finding a series that exists takes no lock and allocates nothing; a new one is put into a
/// copy that replaces the table. The scrape walks the series in the order of their labels.
/// </summary>
internal sealed class MetricFamily(string name, string unit, string help, MetricType type, bool isObserved, bool isSummed, double[] bounds)
{
    private readonly Lock _growing = new();
    private volatile Dictionary<int, MetricSeries[]> _table = [];
    private volatile MetricSeries[] _sorted = [];
    private long _dropped;

    public string Name { get; } = name;

    public string Unit { get; } = unit;

    public string Help { get; } = help;

    public MetricType Type { get; } = type;

    /// <summary>Its values are asked for at a scrape, and not pushed.</summary>
    public bool IsObserved { get; } = isObserved;

    /// <summary>What is pushed is added up; otherwise the last value counts.</summary>
    public bool IsSummed { get; } = isSummed;

    public ReadOnlySpan<MetricSeries> Series => _sorted;

    /// <summary>Measurements that found no room for another series.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = MetricSeries.HashOf(tags);
        if (_table.TryGetValue(hash, out var bucket))
        {
            foreach (var series in bucket)
            {
                if (series.Has(tags))
                    return series;
            }
        }

        return Grow(hash, tags);
    }

    /// <summary>Adds what a loop counts by itself.</summary>
    public void Adopt(FixedHistogram histogram, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_growing)
            Put(MetricSeries.HashOf(tags), new MetricSeries(tags.ToArray(), LabelSet.Encode(tags), histogram));
    }

    /// <summary>Takes out what a loop no longer counts, or what an observable instrument no longer reports.</summary>
    public void RemoveWhere(Predicate<MetricSeries> gone)
    {
        if (!Array.Exists(_sorted, gone))
            return;
        lock (_growing)
        {
            _sorted = Array.FindAll(_sorted, series => !gone(series));
            var table = new Dictionary<int, MetricSeries[]>();
            foreach (var (hash, bucket) in _table)
            {
                var kept = Array.FindAll(bucket, series => !gone(series));
                if (kept.Length > 0)
                    table[hash] = kept;
            }

            _table = table;
        }
    }

    private MetricSeries? Grow(int hash, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_growing)
        {
            if (_table.TryGetValue(hash, out var bucket))
            {
                foreach (var known in bucket)
                {
                    if (known.Has(tags))
                        return known;
                }
            }

            if (_sorted.Length >= HostingLimits.SeriesPerInstrument)
            {
                Interlocked.Increment(ref _dropped);
                return null;
            }

            // The same labels in another order of tags are the same series to a scraper.
            var labels = LabelSet.Encode(tags);
            var same = Array.Find(_sorted, series => series.Labels.AsSpan().SequenceEqual(labels));
            if (same is not null)
                return same;
            var added = new MetricSeries(tags.ToArray(), labels, Type == MetricType.Histogram ? new FixedHistogram(bounds) : null);
            Put(hash, added);
            return added;
        }
    }

    private void Put(int hash, MetricSeries added)
    {
        _table = new Dictionary<int, MetricSeries[]>(_table) { [hash] = [.. _table.GetValueOrDefault(hash, []), added] };
        MetricSeries[] sorted = [.. _sorted, added];
        Array.Sort(sorted, static (left, right) => left.Labels.AsSpan().SequenceCompareTo(right.Labels));
        _sorted = sorted;
    }
}
