using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>
/// (topology, policy, routes before) → routes: nothing else goes in, and the same gives the same. For each pair of nodes, the best way
/// of at most two relays, and behind it the best of those that share no relay with the ones before. A way that was held is kept
/// while it can be used and another is not clearly better, rank by rank.
/// </summary>
internal sealed class RouteComputer
{
    private readonly Topology _topology;
    private readonly RoutePolicy _policy;
    private readonly RouteTable _before;
    private readonly Carriers _carriers;
    private readonly int _relayTime;
    private readonly NodeId[] _nodes;
    private readonly NodeRoutes[] _held;
    private readonly WaySet[][] _heldRows;
    private readonly WaySet[][] _rows;
    private readonly ushort[] _places = new ushort[ushort.MaxValue + 1];

    private RouteComputer(Topology topology, RoutePolicy policy, RouteTable before)
    {
        (_topology, _policy, _before) = (topology, policy, before);
        _relayTime = (int)policy.RelayTime.Microseconds;
        _carriers = new(topology, _relayTime);
        _nodes = topology.Nodes.ToArray();
        _held = [.. _nodes.Select(node => before.Of(node) ?? NodeRoutes.None)];
        _heldRows = [.. _held.Select(held => held.For(_nodes))];
        _rows = [.. _nodes.Select(_ => new WaySet[_nodes.Length])];
        for (var place = 0; place < _carriers.Count; place++)
            _places[_nodes[_carriers.Node(place)].Value] = (ushort)(place + 1);
    }

    public static RouteTable Compute(Topology topology, RoutePolicy policy, RouteTable before)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return new RouteComputer(topology, policy, before).Run();
    }

    private RouteTable Run()
    {
        Parallel.For(0, _nodes.Length, () => new WaySearch(_topology, _carriers), (destination, _, search) =>
        {
            Reach(search, destination);
            return search;
        }, _ => { });

        var rows = new Dictionary<NodeId, NodeRoutes>(_nodes.Length);
        var changed = 0;
        for (var node = 0; node < _nodes.Length; node++)
        {
            rows.Add(_nodes[node], _held[node].Next(_nodes, _rows[node], out var different));
            changed += different;
        }

        return changed == 0 && rows.Count == _before.Nodes && !_held.Contains(NodeRoutes.None) ? _before : new(rows, changed);
    }

    private void Reach(WaySearch search, int destination)
    {
        search.TurnTo(destination);
        for (var origin = 0; origin < _nodes.Length; origin++)
        {
            if (origin == destination)
            {
                _rows[origin][destination] = WaySet.None;
                continue;
            }

            search.StartAt(origin);
            _rows[origin][destination] = Choose(search, origin, destination);
        }
    }

    private WaySet Choose(WaySearch search, int origin, int destination)
    {
        var chosen = WaySet.None;
        ref readonly var held = ref _heldRows[origin][destination];
        var mayBeDirect = true;
        for (var rank = 0; rank < _policy.Ways; rank++)
        {
            var way = Best(search, mayBeDirect, origin, destination, held, chosen);
            if (way.Cost >= Topology.Unreachable)
                break;
            chosen[rank] = new(NodeAt(way.First), NodeAt(way.Second));
            mayBeDirect &= way.First >= 0;
            search.Take(way.First);
            search.Take(way.Second);
        }

        return chosen;
    }

    private FoundWay Best(WaySearch search, bool mayBeDirect, int origin, int destination, in WaySet held, in WaySet chosen)
    {
        var found = search.Find(mayBeDirect);
        foreach (var way in held)
        {
            if (way.IsNone)
                break;
            if (way.First == NodeAt(found.First) && way.Second == NodeAt(found.Second) && found.Cost < Topology.Unreachable)
                return found;
            if (!IsFree(way, chosen) || !TryReckon(origin, way, destination, out var incumbent))
                continue;
            return _policy.IsWorthIt(incumbent.Cost, found.Cost) ? found : incumbent;
        }

        return found;
    }

    private static bool IsFree(Way way, in WaySet chosen)
    {
        foreach (var other in chosen)
        {
            if (other.IsNone)
                return true;
            if (!way.IsDisjointFrom(other))
                return false;
        }

        return true;
    }

    /// <summary>What a way that was held costs now. False where it cannot be used any more.</summary>
    private bool TryReckon(int origin, Way way, int destination, out FoundWay reckoned)
    {
        var first = _places[way.First.Value] - 1;
        var second = _places[way.Second.Value] - 1;
        reckoned = new(Topology.Unreachable, first, second);
        if (way.Relays > 0 && (first < 0 || _carriers.Node(first) == destination))
            return false;
        if (way.Relays > 1 && (second < 0 || _carriers.Node(second) == destination))
            return false;
        var cost = way.Relays switch
        {
            0 => _topology.Cost(origin, destination),
            1 => _topology.Cost(origin, _carriers.Node(first)) + _topology.Cost(_carriers.Node(first), destination) + _relayTime,
            _ => _topology.Cost(origin, _carriers.Node(first)) + _topology.Cost(_carriers.Node(first), _carriers.Node(second))
                + _topology.Cost(_carriers.Node(second), destination) + (2 * _relayTime),
        };
        reckoned = reckoned with { Cost = cost };
        return cost < Topology.Unreachable;
    }

    private NodeId NodeAt(int place) => place < 0 ? NodeId.None : _nodes[_carriers.Node(place)];
}
