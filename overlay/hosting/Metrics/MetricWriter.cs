using System.Buffers;
using System.Globalization;
using System.Text;

namespace WeCan.Hosting.Metrics;

/// <summary>Writes metrics as a scraper's text, straight into bytes. One scrape uses it and disposes it.</summary>
internal sealed class MetricWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 << 10);
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    public void Write(MetricFormat format, MetricFamily family)
    {
        if (family.Series.IsEmpty)
            return;
        WriteHead(format, family);
        foreach (var series in family.Series)
        {
            if (series.Histogram is { } histogram)
                WriteHistogram(format, family.Name, series.Labels, histogram);
            else
                WriteSample(family.Name, family.Type == MetricType.Counter ? "_total"u8 : default, series.Labels, series.Value);
        }
    }

    public void End(MetricFormat format)
    {
        if (format == MetricFormat.OpenMetrics)
            Put("# EOF\n"u8);
    }

    // In the older format a counter's head carries _total too; a unit is only OpenMetrics' to tell.
    private void WriteHead(MetricFormat format, MetricFamily family)
    {
        var suffix = family.Type == MetricType.Counter && format == MetricFormat.Prometheus ? "_total" : "";
        Put("# HELP "u8);
        Put(family.Name);
        Put(suffix);
        Put(" "u8);
        PutEscaped(format, family.Help);
        Put("\n# TYPE "u8);
        Put(family.Name);
        Put(suffix);
        Put(family.Type switch { MetricType.Counter => " counter\n"u8, MetricType.Gauge => " gauge\n"u8, _ => " histogram\n"u8 });
        if (format != MetricFormat.OpenMetrics || family.Unit.Length == 0)
            return;
        Put("# UNIT "u8);
        Put(family.Name);
        Put(" "u8);
        Put(family.Unit);
        Put("\n"u8);
    }

    // The count is the sum of the buckets as they were read, so that a scrape agrees with itself while others write.
    private void WriteHistogram(MetricFormat format, string name, byte[] labels, FixedHistogram histogram)
    {
        long cumulative = 0;
        var bounds = histogram.Bounds;
        for (var i = 0; i <= bounds.Length; i++)
        {
            cumulative += histogram.CountOf(i);
            Put(name);
            Put("_bucket{"u8);
            Put(labels);
            Put(labels.Length > 0 ? ",le=\""u8 : "le=\""u8);
            if (i < bounds.Length)
                PutNumber(bounds[i], isFloat: format == MetricFormat.OpenMetrics);
            else
                Put("+Inf"u8);
            Put("\"} "u8);
            PutNumber(cumulative, isFloat: false);
            Put("\n"u8);
        }

        WriteSample(name, "_sum"u8, labels, histogram.Sum);
        WriteSample(name, "_count"u8, labels, cumulative);
    }

    private void WriteSample(string name, ReadOnlySpan<byte> suffix, byte[] labels, double value)
    {
        Put(name);
        Put(suffix);
        if (labels.Length > 0)
        {
            Put("{"u8);
            Put(labels);
            Put("}"u8);
        }

        Put(" "u8);
        PutNumber(value, isFloat: false);
        Put("\n"u8);
    }

    private void PutNumber(double value, bool isFloat)
    {
        if (double.IsNaN(value))
            Put("NaN"u8);
        else if (double.IsInfinity(value))
            Put(value > 0 ? "+Inf"u8 : "-Inf"u8);
        else
        {
            int written;
            while (!value.TryFormat(_buffer.AsSpan(_length), out written, provider: CultureInfo.InvariantCulture))
                Grow(64);
            var digits = _buffer.AsSpan(_length, written);
            _length += written;
            if (isFloat && digits.IndexOfAny("."u8[0], "E"u8[0]) < 0)
                Put(".0"u8);
        }
    }

    private void PutEscaped(MetricFormat format, string help)
    {
        var text = help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        Put(format == MetricFormat.OpenMetrics ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text);
    }

    private void Put(string text)
    {
        Grow(Encoding.UTF8.GetMaxByteCount(text.Length));
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Grow(int room)
    {
        if (_buffer.Length - _length >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + room));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
