using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// (topology, policy, routes before) → routes: nothing else goes in, and the same gives the same on every machine. For each pair of
/// nodes and each class, the best way of at most two relays, behind it the best of those that share no relay with the ones
/// before, and a detour for when the first node on the way is dead. A way that was held is kept while it can be used and another is not
/// clearly better. A computer remembers what it last reckoned with, so that a few links that changed are little work; what comes
/// out is the same as if it remembered nothing. One computation at a time; it uses the processors there are.
/// </summary>
internal sealed class RouteComputer
{
    private ClassPlane[] _planes = [];
    private RoutePolicy? _policy;
    private RouteTable? _table;

    /// <summary>The same for who has nothing to remember.</summary>
    public static RouteTable Compute(Topology topology, RoutePolicy policy, RouteTable before) => new RouteComputer().Run(topology, policy, before);

    public RouteTable Run(Topology topology, RoutePolicy policy, RouteTable before)
    {
        ArgumentNullException.ThrowIfNull(topology);
        var job = new RouteJob(topology, policy, before);
        if (before == _table && policy == _policy && _planes[0].Onward.Topology.HasNodesOf(topology) && TryChange(topology))
        {
            Again(job);
        }
        else
        {
            (_table, _planes) = (null, [.. Enumerable.Range(0, Topology.Classes).Select(each => new ClassPlane(topology, (RouteClass)each, job.RelayTime))]);
            All(job);
        }

        (_policy, _table) = (policy, job.Finish());
        return _table;
    }

    /// <summary>All pairs.</summary>
    private void All(RouteJob job)
    {
        var tiles = _planes[0].Onward.Tiles;
        Parallel.For(0, _planes.Length * tiles, unit => _planes[unit / tiles].Onward.LayOut(unit % tiles));
        Parallel.For(0, _planes.Length * tiles, unit => _planes[unit / tiles].Onward.Reckon(unit % tiles));
        var count = job.Nodes.Length;
        var originTiles = (count + PairWorker.OriginTile - 1) / PairWorker.OriginTile;
        Parallel.For(0, _planes.Length * originTiles, () => new PairWorker(job), (unit, _, worker) =>
        {
            worker.TurnTo(_planes[unit / originTiles]);
            worker.ChooseAll(unit % originTiles * PairWorker.OriginTile, Math.Min(PairWorker.OriginTile, count - (unit % originTiles * PairWorker.OriginTile)));
            return worker;
        }, _ => { });
    }

    /// <summary>The pairs to which what has changed may matter.</summary>
    private void Again(RouteJob job)
    {
        var groups = _planes.SelectMany(plane => plane.Touched.GroupBy(pair => pair.Origin).Select(pairs => (Plane: plane, Pairs: pairs))).ToList();
        Parallel.ForEach(groups, () => new PairWorker(job), (group, _, worker) =>
        {
            worker.TurnTo(group.Plane);
            foreach (var (origin, destination) in group.Pairs)
                worker.Choose(origin, destination);
            return worker;
        }, _ => { });
        foreach (var plane in _planes)
            plane.ForgetTouched();
    }

    /// <summary>Brings the change of a few links into what is remembered. False where too many have changed for that to be the shorter way.</summary>
    private bool TryChange(Topology topology)
    {
        var changes = new List<LinkChange>[_planes.Length];
        for (var each = 0; each < _planes.Length; each++)
        {
            changes[each] = LinkChange.Find(_planes[each].Onward, topology, topology.Count / GraphLimits.NodesPerChange);
            if (changes[each].Count > topology.Count / GraphLimits.NodesPerChange)
                return false;
        }

        Parallel.For(0, _planes.Length, each =>
        {
            foreach (var change in changes[each])
                _planes[each].Change(change.From, change.To, change.Cost);
            _planes[each].Onward.Settle(topology);
        });
        return true;
    }
}
