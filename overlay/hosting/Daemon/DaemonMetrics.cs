using System.Diagnostics.Metrics;
using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Daemon;

/// <summary>What the host itself counts.</summary>
internal sealed class DaemonMetrics : IDisposable
{
    public const string MeterName = "WeCan.Hosting";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _reloads;

    public DaemonMetrics(MetricRegistry registry, HealthState health, Func<long> linesLost)
    {
        _reloads = _meter.CreateCounter<long>("wecan_config_reloads", null, "Reloads of the configuration, by result.");
        _reloads.Add(0, new KeyValuePair<string, object?>("result", "applied"));
        _reloads.Add(0, new KeyValuePair<string, object?>("result", "refused"));
        _meter.CreateObservableGauge("wecan_ready", () => health.WhatIsNotReady() is null ? 1 : 0, null, "1 while the daemon is ready for work, as /readyz says.");
        _meter.CreateObservableCounter("wecan_log_lines_lost", linesLost, null, "Log lines that nobody took in time.");
        _meter.CreateObservableCounter("wecan_measurements_dropped", registry.DroppedMeasurements, null, "Measurements that found no room for another series of their metric.");
        _meter.CreateObservableCounter("wecan_observers_failed", () => registry.FailedObservers, null, "Metrics that could not be read at a scrape.");
    }

    public void Reloaded(bool wasApplied) => _reloads.Add(1, new KeyValuePair<string, object?>("result", wasApplied ? "applied" : "refused"));

    public void Dispose() => _meter.Dispose();
}
