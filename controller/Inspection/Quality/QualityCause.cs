using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Inspection.Quality;

/// <summary>
/// Why a pair's packets do not come in time, as far as reports tell: the worst link of the ways that it took and takes, since when that is so, and what the
/// controller has made of it. What nobody reports is said to be so: a link that was bad for a second may be well by then, and a machine that was held up
/// has no bad link at all.
/// </summary>
internal sealed class QualityCause(ControllerCore core, ControllerTime now, RouteHistory history)
{
    /// <summary>Millionths that a link loses before it is named.</summary>
    private const uint TellingLoss = 5_000;

    /// <summary>What was lost before that, and came back, is not why.</summary>
    private static readonly Duration Lately = Duration.FromSeconds(30);

    public static Way WayOf(ControllerCore core, NodeId from, NodeId to) =>
        core.Routing.Table.Of(from)?.To(RouteClass.Realtime, to) is { IsNone: false } ways ? ways[0] : Way.None;

    /// <summary>Two sentences: the link, and the way.</summary>
    public string Of(NodeId from, NodeId to, Way before)
    {
        var way = WayOf(core, from, to);
        var links = Hops(from, to, before).Concat(Hops(from, to, way)).Distinct().ToList();
        return $"{Link(links)} {Path(from, to, before, way)}";
    }

    private string Link(List<(NodeId From, NodeId To)> links)
    {
        foreach (var (from, to) in links)
        {
            if (core.Routing.Links.StateOf(now.Mono, from, to) != LinkState.Proven)
                return $"The link {Name(from)} to {Name(to)} cannot be relied on{(LostAt(from, to) is { } lost ? $" since {lost}" : "")}.";
        }

        var (worst, loss) = links.Select(link => (link, LossOf(link.From, link.To))).DefaultIfEmpty().MaxBy(pair => pair.Item2);
        if (loss >= TellingLoss)
            return string.Create(CultureInfo.InvariantCulture, $"The link {Name(worst.From)} to {Name(worst.To)} loses {loss / 10_000.0:0.#} %.");
        foreach (var (from, to) in links)
        {
            if (LostAt(from, to) is { } lost && now.Wall - lost < Lately)
                return $"The link {Name(from)} to {Name(to)} could not be relied on at {lost}, and can again.";
        }

        return "No link of its way is bad by what nodes report by now: it may have been for a moment, or a node was held up (wecan_driver_late_seconds_total).";
    }

    private string Path(NodeId from, NodeId to, Way before, Way way)
    {
        var since = history.SinceOf(from, to) is { } time ? $" since {time}" : "";
        return before == way ? $"It goes {Text(way)}, as it did before." : $"It went {Text(before)}, and goes {Text(way)}{since}.";
    }

    private static IEnumerable<(NodeId From, NodeId To)> Hops(NodeId from, NodeId to, Way way)
    {
        // Where no way was chosen the two use their link.
        NodeId[] nodes = way.IsNone || way.Relays == 0 ? [from, to] : way.Relays == 1 ? [from, way.First, to] : [from, way.First, way.Second, to];
        return nodes.Zip(nodes.Skip(1));
    }

    private uint LossOf(NodeId from, NodeId to) =>
        core.Routing.Links.Reporters.TryGetValue(from, out var reporter) && reporter.Links.TryGetValue(to, out var link) ? link.LossTo : 0;

    private UnixTime? LostAt(NodeId from, NodeId to)
    {
        var lost = core.Routing.Links.Reporters.TryGetValue(from, out var reporter) ? reporter.LostAt(to) : null;
        lost ??= core.Routing.Links.Reporters.TryGetValue(to, out var other) ? other.LostAt(from) : null;
        return lost is { } at ? now.Wall + (at - now.Mono) : null;
    }

    private string Text(Way way) => way.IsNone ? "by no way that was chosen" : way.Relays switch
    {
        0 => "directly",
        1 => $"by {Name(way.First)}",
        _ => $"by {Name(way.First)} and {Name(way.Second)}",
    };

    private string Name(NodeId node) => core.History.NameOf(node).ToString();
}
