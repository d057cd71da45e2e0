using WeCan.Contracts;
using WeCan.Contracts.Control.Traffic;
using WeCan.Controller.History.Points;
using WeCan.Controller.Membership;
using WeCan.Controller.Routing;

namespace WeCan.Controller.History.Recording;

/// <summary>
/// Makes points of what nodes tell of their traffic. What two edges tell of the same pair comes together in one point: what the one sent and what the
/// other has. All pairs are also summed up as one, that of the network. On the loop's thread alone.
/// </summary>
internal sealed class TrafficRecorder(int room)
{
    private Dictionary<SeriesKey, HistoryPoint> _points = [];
    private int _pairs;
    private int _dropped;

    public int TakeDropped()
    {
        var dropped = _dropped;
        _dropped = 0;
        return dropped;
    }

    public void Take(NodeId node, NodeTrafficMessage message, MembershipHistory members, RouteDesk routing)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(members);
        Add(PointOf(SeriesKey.Traffic(node)), message);
        foreach (var pair in message.Sent.Where(pair => pair.Peer != node && members.Holds(pair.Peer)))
        {
            var gain = pair.Sent > 0 ? PairGain.Of(node, pair.Peer, routing) : null;
            foreach (var point in PointsOf(SeriesKey.Quality(node, pair.Peer)))
                Add(point, pair, gain);
        }

        foreach (var pair in message.Received.Where(pair => pair.Peer != node && members.Holds(pair.Peer)))
        {
            foreach (var point in PointsOf(SeriesKey.Quality(pair.Peer, node)))
            {
                point[QualityTallies.Expected].Add(pair.Expected);
                point[QualityTallies.InTime].Add(pair.InTime);
                point[QualityTallies.Late].Add(pair.Late);
                point[QualityTallies.Delivered].Add(pair.Delivered);
            }
        }
    }

    /// <summary>Hands over the points so far; the next ones begin.</summary>
    public void Close(Dictionary<SeriesKey, HistoryPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        foreach (var (key, point) in _points)
            points[key] = point;
        (_points, _pairs) = ([], 0);
    }

    private static void Add(HistoryPoint point, NodeTrafficMessage message)
    {
        for (var each = 0; each < Math.Min(message.Classes.Count, TrafficTallies.Classes); each++)
        {
            var traffic = message.Classes[each];
            var amounts = (ReadOnlySpan<long>)[traffic.PacketsIn, traffic.BytesIn, traffic.PacketsOut, traffic.BytesOut, traffic.PacketsForwarded, traffic.BytesForwarded];
            for (var which = 0; which < amounts.Length; which++)
                point[TrafficTallies.Of((ServiceClass)each, which)].Add(amounts[which]);
        }

        var milliseconds = message.Time.Nanoseconds / 1_000_000;
        point[TrafficTallies.Covered].Add(milliseconds);
        point[TrafficTallies.LinkBytesIn].Add(message.LinkBytesIn);
        point[TrafficTallies.LinkBytesOut].Add(message.LinkBytesOut);
        if (milliseconds == 0)
            return;
        point[TrafficTallies.RateIn].Add(Billing.RateOf(message.LinkBytesIn, milliseconds), 1);
        point[TrafficTallies.RateOut].Add(Billing.RateOf(message.LinkBytesOut, milliseconds), 1);
    }

    private static void Add(HistoryPoint point, PairSent pair, PairGain? gain)
    {
        point[QualityTallies.Offered].Add(pair.Offered);
        point[QualityTallies.Sent].Add(pair.Sent);
        if (pair.Delay > Duration.Zero)
            point[QualityTallies.Delay].Add(pair.Delay.Microseconds, pair.Sent);
        if (gain is not { } known)
            return;
        point[QualityTallies.Way].Add(known.Way, pair.Sent);
        point[QualityTallies.Direct].Add(known.Direct, pair.Sent);
        point[QualityTallies.DirectLoss].Add(known.DirectLoss, pair.Sent);
    }

    /// <summary>The pair's point, where there is room for it, and the network's.</summary>
    private IEnumerable<HistoryPoint> PointsOf(SeriesKey pair)
    {
        yield return PointOf(SeriesKey.Network);
        if (_points.ContainsKey(pair))
            yield return PointOf(pair);
        else if (_pairs < room)
            yield return NewPair(pair);
        else
            _dropped++;
    }

    private HistoryPoint NewPair(SeriesKey pair)
    {
        _pairs++;
        return PointOf(pair);
    }

    private HistoryPoint PointOf(SeriesKey key)
    {
        if (!_points.TryGetValue(key, out var point))
            _points.Add(key, point = new(key.Kind));
        return point;
    }
}
