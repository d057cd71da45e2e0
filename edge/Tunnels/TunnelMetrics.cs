using System.Diagnostics.Metrics;
using WeCan.Edge.Tunnels.Frames;

namespace WeCan.Edge.Tunnels;

/// <summary>What the tunnels count, as metrics: docs/metrics.md has their names. Read on the scraper's thread from counters that the loop writes.</summary>
internal sealed class TunnelMetrics : IDisposable
{
    private readonly Meter _meter = new("WeCan.Edge.Tunnels");

    public TunnelMetrics(TunnelCounters counters)
    {
        _meter.CreateObservableGauge("wecan_tunnel_connections", () => counters.ConnectionsOpen, null, "TCP connections through tunnels of this edge, as entry or exit.");
        _meter.CreateObservableCounter("wecan_tunnel_connections_opened", () => counters.ConnectionsOpened, null, "TCP connections that stood.");
        _meter.CreateObservableCounter("wecan_tunnel_connections_reset", () => counters.ConnectionsReset, null, "TCP connections that stood and ended by a reset.");
        _meter.CreateObservableGauge("wecan_tunnel_sessions", () => counters.SessionsOpen, null, "UDP sessions of this edge, as entry or exit.");
        _meter.CreateObservableCounter("wecan_tunnel_sessions_opened", () => counters.SessionsOpened, null, "UDP sessions that were opened.");
        _meter.CreateObservableCounter("wecan_tunnel_bytes", () => BothWays(counters.BytesIn, counters.BytesOut), "By", "Bytes of TCP, into the overlay or out of it.");
        _meter.CreateObservableCounter("wecan_tunnel_datagrams", () => BothWays(counters.DatagramsIn, counters.DatagramsOut), null, "Datagrams of UDP, into the overlay or out of it.");
        _meter.CreateObservableCounter("wecan_tunnel_datagram_bytes", () => BothWays(counters.DatagramBytesIn, counters.DatagramBytesOut), "By", "Their payload.");
        _meter.CreateObservableCounter("wecan_tunnel_refusals", () => Refusals(counters), null, "Connections and sessions that were not let out, by this edge as their exit (here) or by another (there).");
        _meter.CreateObservableCounter("wecan_tunnel_drops", () => Drops(counters), null, "Messages and datagrams of tunnels that were dropped.");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] BothWays(long into, long outOf) => [new(into, Tag("direction", "in")), new(outOf, Tag("direction", "out"))];

    private static IEnumerable<Measurement<long>> Refusals(TunnelCounters counters) =>
        Enumerable.Range(0, RefusalReasons.Count).Select(reason => (RefusalReason)reason).SelectMany(reason => new Measurement<long>[]
        {
            new(counters.RefusedHere(reason), Tag("reason", RefusalReasons.Label(reason)), Tag("by", "here")),
            new(counters.RefusedThere(reason), Tag("reason", RefusalReasons.Label(reason)), Tag("by", "there")),
        });

    private static IEnumerable<Measurement<long>> Drops(TunnelCounters counters) => Enum.GetValues<TunnelDrop>().Select(reason => new Measurement<long>(counters.Drops(reason), Tag("reason", LabelOf(reason))));

    private static string LabelOf(TunnelDrop reason) => reason switch
    {
        TunnelDrop.Malformed => "malformed",
        TunnelDrop.Stray => "stray",
        TunnelDrop.Refused => "refused",
        TunnelDrop.OverlayFull => "overlay_full",
        TunnelDrop.HeldFull => "held_full",
        _ => "local_full",
    };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
