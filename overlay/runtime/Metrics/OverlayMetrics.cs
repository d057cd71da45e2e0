using System.Diagnostics.Metrics;
using WeCan.Runtime.Daemons;

namespace WeCan.Runtime.Metrics;

/// <summary>
/// All that a daemon of the overlay shows at /metrics beside what every daemon does; docs/metrics.md names it. The node is looked
/// at by its own loop, once for each scrape; the rest is read from counters that others may read at any time.
/// </summary>
internal sealed class OverlayMetrics : IDisposable
{
    private readonly Meter _meter = new("WeCan.Overlay");

    public OverlayMetrics(OverlayDaemon daemon, TimeProvider time)
    {
        var view = new NodeView(daemon.Driver, time);
        _ = new LinkMetrics(_meter, view);
        _ = new NodeMetrics(_meter, view);
        _ = new DriverMetrics(_meter, daemon.Driver.Statistics);
        _ = new ControlMetrics(_meter, daemon);
    }

    public void Dispose() => _meter.Dispose();
}
