namespace WeCan.Hosting.Metrics;

/// <summary>The two texts that scrapers read.</summary>
internal enum MetricFormat
{
    /// <summary>text/plain; version=0.0.4.</summary>
    Prometheus,

    /// <summary>application/openmetrics-text; version=1.0.0.</summary>
    OpenMetrics,
}
