using System.Diagnostics.Metrics;

namespace WeCan.Hosting.Metrics;

/// <summary>
/// All that one process counts. It listens to the meters that it is told of, keeps sums, last values and histograms, and
/// writes them for a scraper. What a network loop counts comes in two ways, neither of which makes it wait: observable
/// instruments over its own volatile counters, read on the scraper's thread, and <see cref="FixedHistogram"/>s registered
/// here. Counters and histograms of the platform's kind can be used from any other thread.
/// </summary>
public sealed class MetricRegistry : IDisposable
{
    /// <summary>Seconds, from a tenth of a millisecond to ten seconds.</summary>
    public static ReadOnlySpan<double> DurationBounds =>
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly MeterListener _listener = new();
    private readonly Lock _families = new();
    private readonly Lock _scraping = new();
    private readonly SortedDictionary<string, MetricFamily> _byName = new(StringComparer.Ordinal);
    private volatile MetricFamily[] _sorted = [];
    private long _scrape;
    private long _failedObservers;

    /// <param name="meters">Names of the meters to listen to, each whole or as a prefix that ends in "*".</param>
    public MetricRegistry(params IReadOnlyList<string> meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Any(meter => meter.EndsWith('*') ? instrument.Meter.Name.StartsWith(meter[..^1], StringComparison.Ordinal) : instrument.Meter.Name == meter))
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Measure(family, (double)value, tags));
        _listener.Start();
    }

    /// <summary>
    /// Shows a histogram that a loop writes. All histograms of one name have the same bounds. Disposing what is returned takes
    /// it out again.
    /// </summary>
    public IDisposable Add(FixedHistogram histogram, string name, string? unit, string help, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = Family(name, unit, help, MetricType.Histogram, isObserved: false, histogram.Bounds.ToArray());
        family.Adopt(histogram, tags);
        return new Removal(() => family.RemoveWhere(series => series.Histogram == histogram));
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Writes everything in the order of names and labels. One scrape at a time; nothing that counts waits for it.</summary>
    internal void Write(MetricFormat format, MetricWriter writer)
    {
        lock (_scraping)
        {
            _scrape++;
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException failed)
            {
                // One observer that throws takes its own metric away, and nobody else's.
                Interlocked.Add(ref _failedObservers, failed.InnerExceptions.Count);
            }

            foreach (var family in _sorted)
            {
                if (family.IsObserved)
                    family.RemoveWhere(series => series.SeenAt != _scrape);
                writer.Write(format, family);
            }

            writer.End(format);
        }
    }

    internal long FailedObservers => Interlocked.Read(ref _failedObservers);

    internal long DroppedMeasurements() => _sorted.Sum(family => family.Dropped);

    private void Measure(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var family = (MetricFamily)state!;
        if (family.Find(tags) is not { } series)
            return;
        series.SeenAt = _scrape;
        if (series.Histogram is { } histogram)
            histogram.RecordShared(value);
        else if (family.IsObserved || family.Type == MetricType.Gauge && !family.IsSummed)
            series.Set(value);
        else
            series.Add(value);
    }

    private MetricFamily FamilyOf(Instrument instrument)
    {
        var type = TypeOf(instrument);
        return Family(instrument.Name, instrument.Unit, instrument.Description ?? "", type, instrument.IsObservable, BoundsOf(instrument), isSummed: !IsLastValue(instrument));
    }

    private MetricFamily Family(string instrument, string? unit, string help, MetricType type, bool isObserved, double[] bounds, bool isSummed = true)
    {
        var (name, suffix) = MetricNames.FamilyOf(instrument, unit, type);
        lock (_families)
        {
            if (_byName.TryGetValue(name, out var known))
                return known;
            var family = new MetricFamily(name, suffix, help, type, isObserved, isSummed, bounds);
            _byName.Add(name, family);
            _sorted = [.. _byName.Values];
            return family;
        }
    }

    private static MetricType TypeOf(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        if (kind.StartsWith("Histogram", StringComparison.Ordinal))
            return MetricType.Histogram;
        return kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("ObservableCounter", StringComparison.Ordinal) ? MetricType.Counter : MetricType.Gauge;
    }

    private static bool IsLastValue(Instrument instrument) => instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DurationBounds.ToArray(),
    };

    private sealed class Removal(Action remove) : IDisposable
    {
        public void Dispose() => remove();
    }
}
