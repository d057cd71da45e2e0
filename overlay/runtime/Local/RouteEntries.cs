using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Local;

/// <summary>The routes to one destination as a node shows them: by what it was told, by its links, and by how Realtime packets fare.</summary>
internal static class RouteEntries
{
    /// <summary>One entry where all classes go the same ways; a class of which nothing is told goes as Signal does.</summary>
    public static IEnumerable<RouteEntry> Of(MonoTime now, Dictionary<NodeId, LinkStatus> links, string name, NodeId to, List<DestinationRoutes> told, IReadOnlyList<PathStatus> measured)
    {
        var paths = measured.Where(path => path.IsKnown).ToDictionary(path => path.Token);
        var hasOwn = told.Exists(known => known.Class != RouteClass.Signal);
        var hasRealtime = told.Exists(known => known.Class == RouteClass.Realtime);
        foreach (var service in (RouteClass[])[RouteClass.Signal, RouteClass.Realtime, RouteClass.Bulk])
        {
            var place = told.FindIndex(known => known.Class == service);
            if (place < 0 && service != RouteClass.Signal)
                continue;
            NodeId[][] ways = place >= 0 ? [.. Enumerable.Range(0, told[place].WayCount).Select(rank => told[place].Relays(rank).ToArray())] : [];
            var isRealtime = service == (hasRealtime ? RouteClass.Realtime : RouteClass.Signal);
            yield return new(
                to.Value, name, hasOwn ? service.ToString().ToLowerInvariant() : "all", place >= 0, Ways(links, to, ways, place >= 0, now, isRealtime ? paths : []));
        }
    }

    private static List<WayEntry> Ways(Dictionary<NodeId, LinkStatus> links, NodeId to, NodeId[][] ways, bool isTold, MonoTime now, Dictionary<int, PathStatus> paths)
    {
        var isLastAdded = !ways.Any(relays => relays.Length == 0);
        if (isLastAdded)
            ways = [.. ways, []];
        var first = ways.Select(relays => StateOf(links, relays.Length == 0 ? to : relays[0], now)).ToList();

        // As the node itself chooses: the first that begins with a link that is proven, else with one that lives.
        var used = first.FindIndex(state => state is "up" or "silent");
        if (used < 0)
            used = first.FindIndex(state => state != "down");
        return [.. ways.Select((relays, rank) => new WayEntry
        {
            Rank = rank,
            Relays = [.. relays.Select(relay => (int)relay.Value)],
            FirstLink = first[rank],
            IsInUse = rank == used,
            IsLastResort = isTold && isLastAdded && rank == ways.Length - 1,
            Realtime = paths.TryGetValue(rank, out var path) ? new(path.IsTaken, Math.Round(path.Loss, 6), Math.Round(path.Delay.Milliseconds, 3), Math.Round(path.Marks, 6)) : null,
        })];
    }

    public static string StateOf(Dictionary<NodeId, LinkStatus> links, NodeId peer, MonoTime now) =>
        !links.TryGetValue(peer, out var link) ? "down" : link.IsSilent ? "silent" : link.ProvenAt > now ? "on_trial" : "up";
}
