using System.Diagnostics.Metrics;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Metrics;

/// <summary>A node's links as metrics: sums over all, and some of each peer's, as many as <see cref="MetricLimits.PeersShown"/>.</summary>
internal sealed class LinkMetrics
{
    private static readonly KeyValuePair<string, object?> In = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Out = new("direction", "out");

    private readonly NodeView _view;
    private readonly Meter _meter;

    public LinkMetrics(Meter meter, NodeView view)
    {
        (_meter, _view) = (meter, view);
        AddSums();
        AddPeers();
    }

    private void AddSums()
    {
        _meter.CreateObservableGauge("wecan_links", () => Links().Count(), null, "Links to members that stand.");
        _meter.CreateObservableGauge("wecan_links_silent", () => Links().Count(link => link.IsSilent), null, "Links whose peer is silent for longer than it promised.");
        Counter("wecan_links_datagrams", "Datagrams of all links.", snapshot => [new(snapshot.LinkSum.DatagramsReceived, In), new(snapshot.LinkSum.DatagramsSent, Out)]);
        Counter("wecan_links_bytes", "Bytes of all links, as IPv4 packets.", snapshot => [new(snapshot.LinkSum.BytesReceived, In), new(snapshot.LinkSum.BytesSent, Out)], "By");
        Counter("wecan_links_rekeys", "Times that a link that stands has changed its keys.", snapshot => [new(snapshot.LinkSum.Rekeys)]);
        Counter("wecan_repair_packets_lost", "Packets that were found lost on a hop.", snapshot => [new(snapshot.LinkSum.PacketsLost)]);
        Counter("wecan_repair_spurious_losses", "Packets that were found lost and had arrived.", snapshot => [new(snapshot.LinkSum.SpuriousLosses)]);
        Counter("wecan_repair_symbols_resent", "Packets that were sent again over their hop.", snapshot => [new(snapshot.LinkSum.SymbolsResent)]);
        Counter("wecan_repair_combinations_sent", "Repairs over several packets at once.", snapshot => [new(snapshot.LinkSum.RepairsSent)]);
        Counter("wecan_repair_symbols_solved", "Packets that were solved from such repairs.", snapshot => [new(snapshot.LinkSum.SymbolsSolved)]);
        Counter("wecan_repair_probe_timeouts", "Times that nothing was heard of what was sent for too long.", snapshot => [new(snapshot.LinkSum.ProbeTimeouts)]);
    }

    private void AddPeers()
    {
        PeerGauge("wecan_link_rtt", "Round-trip time of the link to a peer, smoothed.", link => [new(link.Rtt.Seconds, Peer(link))], "s");
        PeerGauge("wecan_link_min_rtt", "The smallest round trip of the last seconds.", link => [new(link.MinRtt.Seconds, Peer(link))], "s");
        PeerGauge("wecan_link_jitter", "How differently packets are spaced at receipt and at sending.", link => [new(link.Jitter.Seconds, Peer(link))], "s");
        PeerGauge("wecan_link_loss", "The share of datagrams that was lost lately.", link => [new(link.LossFrom, Peer(link), In), new(link.LossTo, Peer(link), Out)], "1");
        PeerGauge("wecan_link_bandwidth", "What the path to a peer was seen to carry.", link => [new(link.Bandwidth.BitsPerSecond / 8.0, Peer(link))], "By/s");
        PeerGauge("wecan_link_datagram_size", "The largest datagram in use to a peer.", link => [new(link.DatagramSize, Peer(link))], "By");
        _meter.CreateObservableCounter("wecan_link_transferred", () => Shown().SelectMany(link => (Measurement<long>[])[new(link.Counters.BytesReceived, Peer(link), In), new(link.Counters.BytesSent, Peer(link), Out)]), "By", "Bytes of the link to a peer since it stands, as IPv4 packets.");
    }

    private void PeerGauge(string name, string help, Func<LinkStatus, Measurement<double>[]> read, string unit) =>
        _meter.CreateObservableGauge(name, () => Shown().SelectMany(read), unit, help);

    private void Counter(string name, string help, Func<NodeSnapshot, Measurement<long>[]> read, string? unit = null) =>
        _meter.CreateObservableCounter(name, () => _view.Look() is { } snapshot ? read(snapshot) : [], unit, help);

    private IEnumerable<LinkStatus> Links() => _view.Look()?.Links.Where(link => !link.Peer.IsNone) ?? [];

    private IEnumerable<LinkStatus> Shown() => Links().OrderBy(link => link.Peer.Value).DistinctBy(link => link.Peer).Take(MetricLimits.PeersShown);

    private static KeyValuePair<string, object?> Peer(in LinkStatus link) => new("peer", link.Peer.Value);
}
