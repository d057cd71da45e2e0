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
        var mark = Version.Mark;
        var hasChanged = false;
        foreach (var (destination, before, after) in Differences(_destinations, Signal(_ways), destinations, Signal(ways)))
        {
            mark += MarkOf(destination, after) - MarkOf(destination, before);
            hasChanged = true;
        }

        var version = hasChanged ? new(Version.Number + 1, mark) : Version;
        return hasChanged || destinations.Length != _destinations.Length || !ways.AsSpan().SequenceEqual(_ways) ? new(version, destinations, ways) : this;
    }

    /// <summary>What leads a node from the ways of <paramref name="held"/> to these.</summary>
    public IEnumerable<DestinationRoutes> Since(NodeRoutes held)
    {
        foreach (var (destination, _, after) in Differences(held._destinations, Signal(held._ways), _destinations, Signal(_ways)))
            yield return ToMessage(destination, after);
    }

    private static WaySet[] Signal(WaySet[][] ways) => ways[(int)RouteClass.Signal];

    private static IEnumerable<(NodeId Destination, WaySet Before, WaySet After)> Differences(NodeId[] oldNodes, WaySet[] oldWays, NodeId[] newNodes, WaySet[] newWays)
    {
        var (i, j) = (0, 0);
        while (i < oldNodes.Length || j < newNodes.Length)
        {
            if (i < oldNodes.Length && j < newNodes.Length && oldNodes[i] == newNodes[j] && oldWays[i].IsSame(newWays[j]))
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            var order = i == oldNodes.Length ? 1 : j == newNodes.Length ? -1 : oldNodes[i].CompareTo(newNodes[j]);
            var destination = order <= 0 ? oldNodes[i] : newNodes[j];
            var before = order <= 0 ? oldWays[i++] : WaySet.None;
            var after = order >= 0 ? newWays[j++] : WaySet.None;
            if (!before.IsSame(after))
                yield return (destination, before, after);
        }
    }

    private static ulong MarkOf(NodeId destination, in WaySet ways)
    {
        if (ways[0].IsNone)
            return 0;
        var mark = RouteMark.Begin(destination);
        for (var rank = 0; rank < ways.Count; rank++)
        {
            var way = ways[rank];
            mark = RouteMark.AddWay(mark, way.Relays);
            if (way.Relays > 0)
                mark = RouteMark.AddNode(mark, way.First);
            if (way.Relays > 1)
                mark = RouteMark.AddNode(mark, way.Second);
        }

        return mark;
    }

    private static DestinationRoutes ToMessage(NodeId destination, in WaySet ways)
    {
        var all = new NodeId[ways.Count][];
        for (var rank = 0; rank < all.Length; rank++)
        {
            var way = ways[rank];
            all[rank] = way.Relays switch { 0 => [], 1 => [way.First], _ => [way.First, way.Second] };
        }

        return new(destination, all);
    }
}
