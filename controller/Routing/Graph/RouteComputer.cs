using System.Collections.Concurrent;
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
    private readonly ConcurrentBag<IReadOnlyList<PairMove>> _moves = [];
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
            (_table, _planes) = (null, PlanesOf(topology, job.RelayTime));
            All(job);
        }

        (_policy, _table) = (policy, Settle(job));
        return _table;
    }

    /// <summary>A plane for each class, and where a class is restricted for each of its scopes.</summary>
    private static ClassPlane[] PlanesOf(Topology topology, int relayTime) =>
        [.. from each in Enumerable.Range(0, Topology.Classes)
            from scope in Enumerable.Range(0, topology.Restrictions.Scopes((RouteClass)each))
            select new ClassPlane(topology, (RouteClass)each, scope, relayTime)];

    /// <summary>Of those that would go another way, who does; the others are looked at again the next time, whatever changes until then.</summary>
    private RouteTable Settle(RouteJob job)
    {
        var moves = _moves.SelectMany(some => some).ToList();
        _moves.Clear();
        if (moves.Count == 0)
            return job.Finish(null);
        var gate = new MoveGate(job, _planes);
        gate.Admit(moves);
        Parallel.ForEach(gate.Settled.GroupBy(settled => (_planes[settled.Move.Plane].Service, settled.Move.Origin)), () => new PairWorker(job), (group, _, worker) =>
        {
            foreach (var (move, way) in group)
            {
                worker.TurnTo(_planes[move.Plane], move.Plane);
                worker.Settle(move, way);
            }

            return worker;
        }, _ => { });
        foreach (var move in gate.Stayed)
            _planes[move.Plane].Touch(move.Origin, move.Destination);
        return job.Finish(gate);
    }

    /// <summary>All pairs.</summary>
    private void All(RouteJob job)
    {
        var tiles = _planes[0].Onward.Tiles;
        Parallel.For(0, _planes.Length * tiles, unit => _planes[unit / tiles].Onward.LayOut(unit % tiles));
        Parallel.For(0, _planes.Length * tiles, () => new PairWorker(job), (unit, _, worker) =>
        {
            // What leads to a few destinations is reckoned, and at once used for them.
            var (at, tile) = (unit / tiles, unit % tiles);
            _planes[at].Onward.Reckon(tile);
            worker.TurnTo(_planes[at], at);
            worker.ChooseAll(tile);
            return worker;
        }, worker => _moves.Add(worker.Moves));
    }

    /// <summary>The pairs to which what has changed may matter.</summary>
    private void Again(RouteJob job)
    {
        job.CountFromBefore();
        var touched = _planes.SelectMany((plane, at) => plane.Touched.Select(pair => (At: at, pair.Origin, pair.Destination)));
        var groups = touched.GroupBy(pair => (_planes[pair.At].Service, pair.Origin)).ToList();
        Parallel.ForEach(groups, () => new PairWorker(job), (group, _, worker) =>
        {
            foreach (var (at, origin, destination) in group)
            {
                worker.TurnTo(_planes[at], at);
                worker.ChooseAgain(origin, destination);
            }

            return worker;
        }, worker => _moves.Add(worker.Moves));
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
