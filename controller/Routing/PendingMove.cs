using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>
/// A pair that was led another way, and which part of that each node's last report does not show yet. A report has no time on it: it is at most as old
/// as a word to the node and its answer take, and what it says of rates is of the second before it.
/// </summary>
internal sealed class PendingMove(MonoTime at, Moved moved)
{
    private readonly Dictionary<NodeId, double> _unshown = [];
    private MonoTime? _shownAt;

    public (NodeId Origin, NodeId Destination) Pair => (moved.Origin, moved.Destination);

    public int Rate => moved.Rate;

    /// <summary>The nodes of its way before, in their order.</summary>
    public NodeId[] Before { get; } = NodesOf(moved, moved.Before);

    public NodeId[] After { get; } = NodesOf(moved, moved.After);

    /// <summary>All who measure it have said so.</summary>
    public bool IsShown => _shownAt is not null;

    /// <summary>Once it is shown it is kept until nothing of the time before is in what is smoothed. What is never shown is not believed for ever.</summary>
    public bool IsOver(MonoTime now) => now >= (_shownAt is { } shown ? shown + (ControllerLimits.LoadSmoothing * 3) : at + ControllerLimits.LoadUnshown);

    /// <summary>1 before the node has said anything that shows it, 0 when all that it said last does.</summary>
    public double UnshownBy(NodeId node) => _unshown.GetValueOrDefault(node, 1);

    /// <summary>True where more is shown than before.</summary>
    public bool Look(MonoTime now, LinkBook links)
    {
        if (IsShown)
            return false;
        var (isNews, isShown) = (false, true);
        foreach (var node in (ReadOnlySpan<NodeId>)[.. Before.AsSpan()[..^1], .. After.AsSpan()[..^1]])
        {
            var unshown = Reckon(links, node);
            isNews |= unshown != UnshownBy(node);
            isShown &= unshown == 0;
            _unshown[node] = unshown;
        }

        _shownAt = isShown ? now : null;
        return isNews;
    }

    /// <summary>
    /// The word goes to the origin and comes from the node: each of both is half of a round trip, and of which half there is less is not known.
    /// </summary>
    private double Reckon(LinkBook links, NodeId node)
    {
        if (!links.Reporters.TryGetValue(node, out var reporter))
            return 1;
        var delay = links.Reporters.TryGetValue(moved.Origin, out var origin) ? Duration.Max(reporter.RoundTrip, origin.RoundTrip) : reporter.RoundTrip;
        var shown = reporter.HeardAt - (at + ControllerLimits.LoadMoves + delay);
        return 1 - Math.Clamp(shown.Seconds / ControllerLimits.LoadMeasures.Seconds, 0, 1);
    }

    private static NodeId[] NodesOf(Moved moved, Way way) => way.Relays switch
    {
        0 => [moved.Origin, moved.Destination],
        1 => [moved.Origin, way.First, moved.Destination],
        _ => [moved.Origin, way.First, way.Second, moved.Destination],
    };
}
