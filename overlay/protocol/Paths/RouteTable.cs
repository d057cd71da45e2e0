using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The source routes that this node, as an ingress, puts on its packets: for each destination up to
/// <see cref="WireLimits.MaxRoutes"/> ways, each the nodes to pass, this one first. A token names the way: 0 is the
/// primary, 1 the first backup, and so on in the caller's order; whether they are disjoint is the caller's choice. A
/// destination without a route of its own that is a peer is reached directly.
/// </summary>
internal sealed class RouteTable(NodeId self)
{
    private readonly Dictionary<NodeId, NodeId[]?[]> _routes = [];

    /// <summary>
    /// Takes a route from this node to its last one, and says whether it is another than before. False for one that no
    /// packet could carry.
    /// </summary>
    public bool TrySet(ReadOnlySpan<NodeId> route, int token, out bool isNew)
    {
        isNew = false;
        if (route.Length is < 2 or > WireLimits.MaxRouteNodes || route[0] != self)
            return false;
        for (var i = 0; i < route.Length; i++)
        {
            if (route[i].IsNone || route[..i].Contains(route[i]))
                return false;
        }

        if (!_routes.TryGetValue(route[^1], out var ways))
            _routes.Add(route[^1], ways = new NodeId[WireLimits.MaxRoutes][]);
        isNew = !route.SequenceEqual(ways[token]);
        ways[token] = route.ToArray();
        return true;
    }

    public void Clear(NodeId destination, int token)
    {
        if (_routes.TryGetValue(destination, out var ways))
            ways[token] = null;
    }

    /// <summary>The route that a token names; <see cref="TransportTransmit.NoRoute"/> names none.</summary>
    public bool TryGet(NodeId destination, int token, out ReadOnlySpan<NodeId> route)
    {
        route = default;
        if (token < 0 || !_routes.TryGetValue(destination, out var ways) || ways[token] is not { } nodes)
            return false;
        route = nodes;
        return true;
    }
}
