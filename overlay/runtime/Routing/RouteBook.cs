using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Runtime.Membership;

namespace WeCan.Runtime.Routing;

/// <summary>
/// What of the routes the node has been told, and which of its links they need. A way's rank is its token, in each class by itself; a class of
/// which nothing is said takes Signal's ways. The link to the destination itself, where it is none of the ways, is the last to be
/// tried: without a controller it may be all that is left. On the loop's thread alone.
/// </summary>
internal sealed class RouteBook(NodeId own, ILogger log, PeerNames names)
{
    private static readonly RouteClass[] Classes = [RouteClass.Signal, RouteClass.Realtime, RouteClass.Bulk];

    private readonly Dictionary<RouteKey, DestinationRoutes> _told = [];
    private readonly Dictionary<NodeId, LinkUse> _uses = [];

    /// <summary>What was last said of the link to a neighbour.</summary>
    public LinkUse UseOf(NodeId neighbour) => _uses.GetValueOrDefault(neighbour);

    public void Apply(Node node, DestinationRoutes routes, RouteKey key)
    {
        if (routes.WayCount > 0)
            _told[key] = routes;
        else
            _told.Remove(key);
        var (isDirect, isRefused) = (true, false);
        foreach (var each in Classes)
        {
            var ways = WaysFor(new(key.Destination, each));
            isDirect &= IsDirectAmong(ways);
            if (each == key.Class || (key.Class == RouteClass.Signal && !_told.ContainsKey(new(key.Destination, each))))
                isRefused |= !TryPut(node, ways, key.Destination, ServiceOf(each));
        }

        NodeId[][] last = isDirect ? [] : [[own, key.Destination]];
        isRefused |= !node.TrySetAlternates(key.Destination, last);
        if (isRefused)
            RouteLog.NotTaken(log, names.Of(key.Destination));
    }

    private bool TryPut(Node node, DestinationRoutes ways, NodeId destination, ServiceClass service)
    {
        var isTaken = true;
        for (var rank = 0; rank < ControlLimits.MaxWays; rank++)
        {
            if (rank < ways.WayCount && node.TrySetRoute([own, .. ways.Relays(rank), destination], rank, service))
                continue;
            isTaken &= rank >= ways.WayCount;
            node.ClearRoute(destination, rank, service);
        }

        return isTaken;
    }

    private static bool IsDirectAmong(DestinationRoutes ways)
    {
        for (var rank = 0; rank < ways.WayCount; rank++)
        {
            if (ways.Relays(rank).IsEmpty)
                return true;
        }

        return ways.WayCount == 0;
    }

    private static ServiceClass ServiceOf(RouteClass each) => each switch { RouteClass.Realtime => ServiceClass.Realtime, RouteClass.Signal => ServiceClass.Signal, _ => ServiceClass.Bulk };

    private DestinationRoutes WaysFor(RouteKey key) =>
        _told.TryGetValue(key, out var routes) ? routes : _told.GetValueOrDefault(key with { Class = RouteClass.Signal });

    /// <summary>
    /// Says of every link what routes want of it: in use where a first way begins with it, a candidate where a backup does. Said
    /// again and again, as a node that learns of a member later has not heard it.
    /// </summary>
    public void SayUses(Node node, MonoTime now)
    {
        foreach (var neighbour in _uses.Keys)
            _uses[neighbour] = LinkUse.None;
        foreach (var (key, routes) in _told)
        {
            for (var rank = 0; rank < routes.WayCount; rank++)
            {
                var relays = routes.Relays(rank);
                var first = relays.IsEmpty ? key.Destination : relays[0];
                var use = rank == 0 ? LinkUse.InUse : LinkUse.Candidate;
                if (!_uses.TryGetValue(first, out var known) || known < use)
                    _uses[first] = use;
            }
        }

        foreach (var (neighbour, use) in _uses)
        {
            node.SetLinkUse(now, neighbour, use);
            if (use == LinkUse.None)
                _uses.Remove(neighbour);
        }
    }
}
