using System.Diagnostics.Metrics;
using WeCan.Contracts.Control;
using WeCan.Runtime.Control;
using WeCan.Runtime.Daemons;

namespace WeCan.Runtime.Metrics;

/// <summary>How a node stands with its controllers, and what it was told, as metrics.</summary>
internal sealed class ControlMetrics
{
    public ControlMetrics(Meter meter, OverlayDaemon daemon)
    {
        var control = daemon.Control;
        meter.CreateObservableGauge("wecan_control_connected", () => control.Status.IsConnected ? 1 : 0, null, "1 while a session with a controller stands.");
        meter.CreateObservableCounter("wecan_control_sessions", () => control.Status.Sessions, null, "Sessions that a controller welcomed.");
        meter.CreateObservableCounter("wecan_control_failures", () => control.Status.Failures, null, "Rounds over all controllers that ended without a session.");
        meter.CreateObservableGauge("wecan_membership_version", () => (long)daemon.Ask(membership => membership.Version.Number), null, "The membership that is held: how many changes made it.");
        meter.CreateObservableGauge("wecan_members", () => Members(daemon), null, "Members that count now, by role.");
        meter.CreateObservableGauge("wecan_certificate_end", () => control.CertificateEnd.ToUnixTimeSeconds(), "s", "When this node's certificate ends, in Unix time.");
    }

    private static Measurement<int>[] Members(OverlayDaemon daemon)
    {
        var (relays, edges) = daemon.Ask(membership =>
        {
            var counted = membership.Members.Where(member => membership.Find(member.Number) is not null).ToList();
            return (counted.Count(member => member.Role == NodeRole.Relay), counted.Count(member => member.Role == NodeRole.Edge));
        });
        return [new(relays, new KeyValuePair<string, object?>("role", "relay")), new(edges, new KeyValuePair<string, object?>("role", "edge"))];
    }
}
