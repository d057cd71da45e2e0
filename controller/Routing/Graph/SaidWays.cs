using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The ways of one key in the order in which a node is told them, which is that of its tokens. The detour comes second: a node tries ways in order
/// where a neighbour is dead. But for Realtime it comes last, as the first two are those that a flow over two paths takes, and these share nothing.
/// </summary>
internal readonly struct SaidWays(RouteKey key, in WaySet ways)
{
    private readonly WaySet _ways = ways;

    public int Count { get; } = ways.Count + (ways.IsNone || ways.Detour.IsNone ? 0 : 1);

    public NodeId[][] Ways
    {
        get
        {
            var all = new NodeId[Count][];
            for (var rank = 0; rank < all.Length; rank++)
            {
                var way = this[rank];
                all[rank] = way.Relays switch { 0 => [], 1 => [way.First], _ => [way.First, way.Second] };
            }

            return all;
        }
    }

    /// <summary>The same that the node reckons from what it was told; 0 without ways.</summary>
    public ulong Mark
    {
        get
        {
            if (_ways.IsNone)
                return 0;
            var mark = RouteMark.Begin(key);
            for (var rank = 0; rank < Count; rank++)
            {
                var way = this[rank];
                mark = RouteMark.AddWay(mark, way.Relays);
                if (way.Relays > 0)
                    mark = RouteMark.AddNode(mark, way.First);
                if (way.Relays > 1)
                    mark = RouteMark.AddNode(mark, way.Second);
            }

            return mark;
        }
    }

    private Way this[int rank]
    {
        get
        {
            if (_ways.Detour.IsNone)
                return _ways[rank];
            var place = key.Class == RouteClass.Realtime ? Count - 1 : 1;
            return rank == place ? _ways.Detour : _ways[rank < place ? rank : rank - 1];
        }
    }
}
