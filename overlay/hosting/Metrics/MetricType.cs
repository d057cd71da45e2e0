namespace WeCan.Hosting.Metrics;

/// <summary>What Prometheus calls a type.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
