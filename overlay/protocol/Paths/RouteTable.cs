using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The source routes that this node, as an ingress, puts on its packets: for each destination the nodes to pass, this one
/// first. A destination without a route of its own that is a peer is reached directly.
/// </summary>
internal sealed class RouteTable(NodeId self)
{
    private readonly Dictionary<NodeId, NodeId[]> _routes = [];

    /// <summary>Takes a route from this node to its last one. False for one that no packet could carry.</summary>
    public bool TrySet(ReadOnlySpan<NodeId> route)
    {
        if (route.Length is < 2 or > WireLimits.MaxRouteNodes || route[0] != self)
            return false;
        for (var i = 0; i < route.Length; i++)
        {
            if (route[i].IsNone || route[..i].Contains(route[i]))
                return false;
        }

        _routes[route[^1]] = route.ToArray();
        return true;
    }

    public bool TryGet(NodeId destination, out ReadOnlySpan<NodeId> route)
    {
        if (!_routes.TryGetValue(destination, out var nodes))
        {
            route = default;
            return false;
        }

        route = nodes;
        return true;
    }

    /// <summary>The peer that packets to the destination are handed to first.</summary>
    public NodeId FirstHop(NodeId destination) =>
        _routes.TryGetValue(destination, out var nodes) ? nodes[1] : destination;
}
