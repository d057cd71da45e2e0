using WeCan.Contracts;
using WeCan.Contracts.Control.Traffic;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Traffic;

/// <summary>What has passed through a node since it began, at one moment. Not changed once taken.</summary>
internal sealed class TrafficTotals
{
    private readonly ClassTraffic[] _classes = new ClassTraffic[(int)ServiceClass.Bulk + 1];
    private readonly Dictionary<NodeId, PairStatus> _pairs = [];
    private readonly MonoTime _at;
    private readonly long _bytesIn;
    private readonly long _bytesOut;

    private TrafficTotals(MonoTime at) => _at = at;

    private TrafficTotals(Node node, MonoTime now)
    {
        _at = now;
        var paths = node.PathCounters;
        foreach (var each in Enum.GetValues<ServiceClass>())
            _classes[(int)each] = new(paths.PacketsIn(each), paths.BytesIn(each), paths.PacketsOut(each), paths.BytesOut(each), paths.PacketsForwarded(each), paths.BytesForwarded(each));
        var links = node.SumLinks();
        (_bytesIn, _bytesOut) = (links.BytesReceived, links.BytesSent);
        foreach (var pair in node.InspectPairs(now))
            _pairs[pair.Peer] = pair;
    }

    /// <summary>Nothing has passed before.</summary>
    public static TrafficTotals Nothing(MonoTime now) => new(now);

    public static TrafficTotals Of(Node node, MonoTime now) => new(node, now);

    public bool IsDueAfter(TrafficTotals told, Duration interval) => _at >= told._at + interval;

    /// <summary>What has passed since earlier totals, for the controller. Of more pairs than a message holds, those with the most packets.</summary>
    public NodeTrafficMessage Since(TrafficTotals told) => new()
    {
        Time = _at - told._at,
        Classes = [.. _classes.Select((now, each) => now - told._classes[each])],
        LinkBytesIn = _bytesIn - told._bytesIn,
        LinkBytesOut = _bytesOut - told._bytesOut,
        Sent = [.. Changes(told).Select(pair => new PairSent(pair.Now.Peer, pair.Now.Offered - pair.Before.Offered, pair.Now.Sent - pair.Before.Sent, pair.Now.Delay))
            .Where(pair => pair.Offered > 0 || pair.Sent > 0).OrderByDescending(pair => pair.Offered).ThenBy(pair => pair.Peer)],
        Received = [.. Changes(told).Select(pair => new PairReceived(pair.Now.Peer, pair.Now.Expected - pair.Before.Expected, pair.Now.InTime - pair.Before.InTime, pair.Now.Late - pair.Before.Late, pair.Now.Delivered - pair.Before.Delivered))
            .Where(pair => pair.Expected > 0 || pair.InTime > 0 || pair.Late > 0 || pair.Delivered > 0).OrderByDescending(pair => pair.Expected).ThenBy(pair => pair.Peer)],
    };

    private IEnumerable<(PairStatus Now, PairStatus Before)> Changes(TrafficTotals told) =>
        _pairs.Values.Select(pair => (pair, told._pairs.GetValueOrDefault(pair.Peer)));
}
