using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Routing;

/// <summary>Makes what a controller is told of links from what a node measures on them. On the loop's thread alone.</summary>
internal sealed class LinkReporter
{
    private readonly Dictionary<NodeId, (LinkCounters Counters, long Bytes)> _sent = [];
    private MonoTime _measuredAt;

    /// <summary>All links to members, as they are now; the rates are those since the last call.</summary>
    public IReadOnlyList<LinkReport> Measure(Node node, MonoTime now)
    {
        var reports = new Dictionary<NodeId, LinkReport>();
        var heard = new Dictionary<NodeId, MonoTime>();
        foreach (var link in node.InspectLinks())
        {
            // While keys change hands there may be two links to a peer; the one that is heard is the one.
            if (link.Peer.IsNone || (heard.TryGetValue(link.Peer, out var other) && other >= link.HeardAt))
                continue;
            heard[link.Peer] = link.HeardAt;
            reports[link.Peer] = Report(link, now);
        }

        foreach (var gone in _sent.Keys.Where(peer => !reports.ContainsKey(peer)).ToList())
            _sent.Remove(gone);
        _measuredAt = now;
        return [.. reports.Values.OrderBy(report => report.Peer)];
    }

    private LinkReport Report(LinkStatus link, MonoTime now)
    {
        var bytes = link.Counters.BytesSent;
        var before = _sent.TryGetValue(link.Peer, out var known) && known.Counters == link.Counters ? known.Bytes : 0;
        _sent[link.Peer] = (link.Counters, bytes);
        var isProven = link.ProvenAt <= now && link.Rtt > Duration.Zero;
        return new(link.Peer, isProven ? LinkState.Proven : LinkState.Up)
        {
            Rtt = link.Rtt,
            MinRtt = link.MinRtt,
            Jitter = link.Jitter,
            LossTo = Millionths(link.LossTo),
            LossFrom = Millionths(link.LossFrom),
            BurstTo = (uint)Math.Clamp(link.BurstTo * 100, 0, uint.MaxValue),
            BurstFrom = (uint)Math.Clamp(link.BurstFrom * 100, 0, uint.MaxValue),
            Bandwidth = link.Bandwidth,
            Used = Bandwidth.FromBytes(bytes - before, now - _measuredAt),
        };
    }

    private static uint Millionths(double share) => (uint)Math.Clamp(share * 1e6, 0, 1e6);
}
