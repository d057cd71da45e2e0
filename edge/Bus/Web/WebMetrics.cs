using System.Diagnostics.Metrics;
using WeCan.Edge.Bus.Web.Posts;

namespace WeCan.Edge.Bus.Web;

/// <summary>What the other accesses count: docs/metrics.md has the names.</summary>
internal sealed class WebMetrics : IDisposable
{
    private readonly Meter _meter = new("WeCan.Edge.Bus.Web");

    public WebMetrics(WebServer server, CertificateWatch certificate)
    {
        var counters = server.Counters;
        _meter.CreateObservableGauge("wecan_bus_web_connections", () => server.Open, null, "TCP connections of clients and of those who may become some.");
        _meter.CreateObservableGauge("wecan_bus_web_strangers", () => server.Strangers.Count, null, "Connections among them that are no client's yet.");
        _meter.CreateObservableGauge(
            "wecan_bus_web_clients",
            () => counters.Clients,
            null,
            "Clients that are connected by WebSocket.");
        _meter.CreateObservableCounter(
            "wecan_bus_web_refusals",
            () => Enum.GetValues<WebRefusal>().Select(why => new Measurement<long>(counters.Refused(why), new KeyValuePair<string, object?>("reason", why == WebRefusal.NoRoom ? "no_room" : $"{why}".ToLowerInvariant()))),
            null,
            "Connections and requests that came to nothing.");
        _meter.CreateObservableCounter(
            "wecan_bus_web_posts",
            () => Enum.GetValues<PostEnd>().Select(end => new Measurement<long>(counters.Posts(end), new KeyValuePair<string, object?>("end", $"{end}".ToLowerInvariant()))),
            null,
            "Messages that were posted by HTTP.");
        _meter.CreateObservableGauge("wecan_bus_web_certificate_end_seconds", () => certificate.Now.Ends.ToUnixTimeSeconds(), null, "When the certificate that clients are shown ends, in seconds since 1970.");
    }

    public void Dispose() => _meter.Dispose();
}
