using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;

namespace WeCan.Runtime.Routing;

/// <summary>
/// What of the routes the node has been told, and which of its links they need. A way's rank is its token. The link to the destination
/// itself, where it is none of the ways, is the last to be tried: without a controller it may be all that is left. On the
/// loop's thread alone.
/// </summary>
internal sealed class RouteBook(NodeId own, ILogger log)
{
    private readonly Dictionary<NodeId, DestinationRoutes> _told = [];
    private readonly Dictionary<NodeId, LinkUse> _uses = [];

    public int Destinations => _told.Count;

    /// <summary>What was last said of the link to a neighbour.</summary>
    public LinkUse UseOf(NodeId neighbour) => _uses.GetValueOrDefault(neighbour);

    public void Apply(Node node, DestinationRoutes routes, NodeId destination)
    {
        var before = _told.GetValueOrDefault(destination);
        var (isDirect, isRefused) = (routes.WayCount == 0, false);
        for (var rank = 0; rank < routes.WayCount; rank++)
        {
            isDirect |= routes.Relays(rank).IsEmpty;
            if (node.TrySetRoute([own, .. routes.Relays(rank), destination], rank))
                continue;
            isRefused = true;
            node.ClearRoute(destination, rank);
        }

        for (var rank = (int)routes.WayCount; rank < before.WayCount; rank++)
            node.ClearRoute(destination, rank);
        NodeId[][] last = isDirect ? [] : [[own, destination]];
        isRefused |= !node.TrySetAlternates(destination, last);
        if (isRefused)
            RouteLog.NotTaken(log, destination.Value);
        if (routes.WayCount > 0)
            _told[destination] = routes;
        else
            _told.Remove(destination);
    }

    /// <summary>
    /// Says of every link what routes want of it: in use where a first way begins with it, a candidate where a backup does. Said
    /// again and again, as a node that learns of a member later has not heard it.
    /// </summary>
    public void SayUses(Node node, MonoTime now)
    {
        foreach (var neighbour in _uses.Keys)
            _uses[neighbour] = LinkUse.None;
        foreach (var (destination, routes) in _told)
        {
            for (var rank = 0; rank < routes.WayCount; rank++)
            {
                var relays = routes.Relays(rank);
                var first = relays.IsEmpty ? destination : relays[0];
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
