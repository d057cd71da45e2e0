using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Inspection;

/// <summary>Since when each pair's ways are as they are, as far as this controller has seen it change them. On the loop's thread alone; bounded.</summary>
internal sealed class RouteHistory
{
    private readonly Dictionary<NodeId, (NodeRoutes Routes, UnixTime First)> _origins = [];
    private readonly Dictionary<(NodeId From, NodeId To), UnixTime> _pairs = [];
    private RouteTable _seen = RouteTable.Empty;

    /// <summary>Looks at the newest routes. Answers how many pairs have other ways than at the last look.</summary>
    public int Look(UnixTime now, RouteTable table, IEnumerable<NodeId> nodes)
    {
        if (table == _seen)
            return 0;
        _seen = table;
        var changed = 0;
        var there = new HashSet<NodeId>();
        foreach (var origin in nodes)
        {
            if (table.Of(origin) is not { } routes)
                continue;
            there.Add(origin);
            if (!_origins.TryGetValue(origin, out var before))
                _origins[origin] = (routes, now);
            else if (before.Routes != routes)
                changed += Note(now, origin, before.Routes, routes, before.First);
        }

        foreach (var gone in _origins.Keys.Where(origin => !there.Contains(origin)).ToList())
            _origins.Remove(gone);
        return changed;
    }

    public UnixTime? SinceOf(NodeId from, NodeId to) =>
        _pairs.TryGetValue((from, to), out var changed) ? changed : _origins.TryGetValue(from, out var origin) ? origin.First : null;

    private int Note(UnixTime now, NodeId origin, NodeRoutes before, NodeRoutes after, UnixTime first)
    {
        var count = 0;
        foreach (var changed in after.Since(before))
        {
            // What is forgotten would be told as older than it is.
            if (_pairs.Count >= InspectionLimits.PairsKept)
                _pairs.Clear();
            _pairs[(origin, changed.Destination)] = now;
            count++;
        }

        _origins[origin] = (after, first);
        return count;
    }
}
