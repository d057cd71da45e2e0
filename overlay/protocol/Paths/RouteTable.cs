using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The ways from this node to each destination, each the nodes to pass, this one first. Up to <see cref="WireLimits.MaxRoutes"/>
/// are routes, which this node, as an ingress, puts on its packets; a token names one: 0 is the
/// primary, 1 the first backup, and so on in the caller's order; whether they are disjoint is the caller's choice. A
/// destination without a route of its own that is a peer is reached directly. Each class has routes of its own (Control takes Signal's). Up to <see cref="PathLimits.MaxAlternates"/>
/// more are alternates: what is tried, for packets that pass as well, when no route can be used. Bounded by that and the node numbers there are.
/// </summary>
internal sealed class RouteTable(NodeId self)
{
    private const int Classes = ServiceClass.Bulk - ServiceClass.Control;

    private readonly Dictionary<NodeId, NodeId[]?[]> _routes = [];
    private readonly Dictionary<NodeId, NodeId[][]> _alternates = [];

    /// <summary>The way to a destination that has no route, lent for one walk.</summary>
    private readonly NodeId[] _straight = [self, NodeId.None];

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// Takes a route from this node to its last one, for all classes or one, and says whether it is another than Realtime had before. False
    /// for one that no packet could carry.
    /// </summary>
    public bool TrySet(ReadOnlySpan<NodeId> route, int token, ServiceClass? only, out bool isNewToRealtime)
    {
        isNewToRealtime = false;
        if (!IsWay(route))
            return false;
        if (!_routes.TryGetValue(route[^1], out var ways))
            _routes.Add(route[^1], ways = new NodeId[Classes * WireLimits.MaxRoutes][]);
        var copy = route.ToArray();
        for (var each = ServiceClass.Realtime; each <= ServiceClass.Bulk; each++)
        {
            if (only is { } one && one != each)
                continue;
            ref var way = ref ways[At(each) + token];
            isNewToRealtime |= each == ServiceClass.Realtime && !route.SequenceEqual(way);
            way = copy;
        }

        Version++;
        return true;
    }

    public void Clear(NodeId destination, int token, ServiceClass? only)
    {
        for (var each = ServiceClass.Realtime; each <= ServiceClass.Bulk; each++)
        {
            if ((only ?? each) == each && _routes.TryGetValue(destination, out var ways))
                ways[At(each) + token] = null;
        }

        Version++;
    }

    /// <summary>
    /// Takes the ways to try, in this order, when no route to the destination can be used; they replace those before, and none
    /// takes them back. False, and nothing changes, where one is none that a packet could carry, leads elsewhere, or is one too many.
    /// </summary>
    public bool TrySetAlternates(NodeId destination, ReadOnlySpan<NodeId[]> ways)
    {
        if (destination.IsNone || destination == self || ways.Length > PathLimits.MaxAlternates)
            return false;
        foreach (var way in ways)
        {
            if (!IsWay(way) || way[^1] != destination)
                return false;
        }

        var copies = new NodeId[ways.Length][];
        for (var i = 0; i < ways.Length; i++)
            copies[i] = [.. ways[i]];
        Version++;
        _alternates.Remove(destination);
        if (copies.Length > 0)
            _alternates.Add(destination, copies);
        return true;
    }

    /// <summary>
    /// The ways to a destination for a class, the route that the token names first and without those of other tokens, each a bit; to be
    /// walked before the next call.
    /// </summary>
    public WayWalk WaysTo(NodeId destination, ServiceClass serviceClass, int token, uint others = 0)
    {
        _straight[1] = destination;
        return new(_routes.TryGetValue(destination, out var ways) ? ways.AsSpan(At(serviceClass), WireLimits.MaxRoutes) : [], _alternates.GetValueOrDefault(destination), _straight, token, others);
    }

    private static int At(ServiceClass serviceClass) =>
        WireLimits.MaxRoutes * (serviceClass == ServiceClass.Control ? ServiceClass.Signal - ServiceClass.Realtime : serviceClass - ServiceClass.Realtime);

    private bool IsWay(ReadOnlySpan<NodeId> way)
    {
        if (way.Length is < 2 or > WireLimits.MaxRouteNodes || way[0] != self)
            return false;
        for (var i = 0; i < way.Length; i++)
        {
            if (way[i].IsNone || way[..i].Contains(way[i]))
                return false;
        }

        return true;
    }
}
