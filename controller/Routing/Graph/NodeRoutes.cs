using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>One node's routes at one version: its ways to every node of the topology that they were computed for. Not changed once made.</summary>
internal sealed class NodeRoutes
{
    private readonly NodeId[] _destinations;
    private readonly WaySet[][] _ways;

    private NodeRoutes(RoutesVersion version, NodeId[] destinations, WaySet[][] ways) => (Version, _destinations, _ways) = (version, destinations, ways);

    public static NodeRoutes None { get; } = new(default, [], [[], [], []]);

    public RoutesVersion Version { get; }

    public WaySet To(RouteClass service, NodeId destination) =>
        Array.BinarySearch(_destinations, destination) is var at and >= 0 ? _ways[(int)service][at] : WaySet.None;

    /// <summary>The ways to each of these nodes, which ascend; not to be written.</summary>
    public WaySet[] For(RouteClass service, NodeId[] destinations) =>
        destinations == _destinations || destinations.AsSpan().SequenceEqual(_destinations) ? _ways[(int)service] : [.. destinations.Select(destination => To(service, destination))];

    /// <summary>These routes, if the ways are the same; else their next version. The ways are by class.</summary>
    public NodeRoutes Next(NodeId[] destinations, WaySet[][] ways)
    {
        var next = new NodeRoutes(default, destinations, ways);
        var (more, hasChanged) = _destinations.Length == 0 || destinations.AsSpan().SequenceEqual(_destinations) ? MarkOfSame(next) : MarkOfOthers(next);
        var version = hasChanged ? new(Version.Number + 1, Version.Mark + more) : Version;
        return hasChanged || destinations.Length != _destinations.Length || !ways.AsSpan().SequenceEqual(_ways) ? new(version, destinations, ways) : this;
    }

    /// <summary>By how much the mark of these routes differs from that of others to the same nodes, place by place; there may be none here yet.</summary>
    private (ulong More, bool HasChanged) MarkOfSame(NodeRoutes next)
    {
        var (mark, hasChanged) = (0UL, false);
        for (var each = 0; each < Topology.Classes; each++)
        {
            if (next._ways[each] == _ways[each] && next._ways[0] == _ways[0])
                continue;
            var service = (RouteClass)each;
            for (var at = 0; at < next._destinations.Length; at++)
            {
                var (old, now) = (_destinations.Length == 0 ? WaySet.None : Said(service, at), next.Said(service, at));
                if (old.IsSame(now))
                    continue;
                var key = new RouteKey(next._destinations[at], service);
                mark += new SaidWays(key, now).Mark - new SaidWays(key, old).Mark;
                hasChanged = true;
            }
        }

        return (mark, hasChanged);
    }

    private (ulong More, bool HasChanged) MarkOfOthers(NodeRoutes next)
    {
        var (mark, hasChanged) = (0UL, false);
        foreach (var (_, before, after) in Differences(this, next))
            (mark, hasChanged) = (mark + after.Mark - before.Mark, true);
        return (mark, hasChanged);
    }

    /// <summary>What leads a node from the ways of <paramref name="held"/> to these, by ascending keys.</summary>
    public IEnumerable<DestinationRoutes> Since(NodeRoutes held)
    {
        foreach (var (key, _, after) in Differences(held, this))
            yield return new(key, after.Ways);
    }

    private static IEnumerable<(RouteKey Key, SaidWays Before, SaidWays After)> Differences(NodeRoutes before, NodeRoutes after)
    {
        for (var each = 0; each < Topology.Classes; each++)
        {
            var service = (RouteClass)each;
            if (after._destinations == before._destinations && after._ways[each] == before._ways[each] && after._ways[0] == before._ways[0])
                continue;
            var (i, j) = (0, 0);
            while (i < before._destinations.Length || j < after._destinations.Length)
            {
                var order = i == before._destinations.Length ? 1 : j == after._destinations.Length ? -1 : before._destinations[i].CompareTo(after._destinations[j]);
                var key = new RouteKey(order <= 0 ? before._destinations[i] : after._destinations[j], service);
                var old = order <= 0 ? before.Said(service, i++) : WaySet.None;
                var now = order >= 0 ? after.Said(service, j++) : WaySet.None;
                if (!old.IsSame(now))
                    yield return (key, new(key, old), new(key, now));
            }
        }
    }

    /// <summary>What is said of a class: nothing, where its ways are those of Signal.</summary>
    private WaySet Said(RouteClass service, int at) =>
        service != RouteClass.Signal && _ways[(int)service][at].IsSame(_ways[(int)RouteClass.Signal][at]) ? WaySet.None : _ways[(int)service][at];
}
