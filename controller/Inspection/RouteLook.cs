using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Inspection;

/// <summary>All that an explanation of one pair's ways starts from, taken on the loop at one moment and free to be reckoned with elsewhere.</summary>
internal sealed record RouteLook
{
    public required NodeId From { get; init; }

    public required NodeId To { get; init; }

    /// <summary>For whose traffic.</summary>
    public required RouteClass Service { get; init; }

    public required Topology Topology { get; init; }

    public required RoutePolicy Policy { get; init; }

    /// <summary>The policy, worked out for the members; null where there is none to tell of.</summary>
    public PolicyTerms? Terms { get; init; }

    /// <summary>Why the pair stays where a better way is known; <see cref="RouteCause.None"/> where that is a matter of how much better.</summary>
    public RouteCause Stays { get; init; }

    /// <summary>The ways that were chosen, each by its relays.</summary>
    public required IReadOnlyList<NodeId[]> Held { get; init; }

    /// <summary>What is taken instead when the first node on the best way dies, where that is no backup; null for none.</summary>
    public required NodeId[]? Detour { get; init; }

    public required string Version { get; init; }

    public required UnixTime? Since { get; init; }

    public required IReadOnlyDictionary<NodeId, string> Names { get; init; }

    /// <summary>What keeps the controller from knowing better, a sentence; empty where nothing does.</summary>
    public required string Trouble { get; init; }

    public static RouteLook Take(ControllerCore core, ControllerTime now, RouteHistory? history, NodeId from, NodeId to, RouteClass service)
    {
        var routes = core.Routing.Table.Of(from);
        var ways = routes?.To(service, to) ?? WaySet.None;
        var held = new List<NodeId[]>();
        for (var rank = 0; rank < ways.Count; rank++)
            held.Add(RelaysOf(ways[rank]));
        return new()
        {
            From = from,
            To = to,
            Service = service,
            Topology = core.Routing.Topology,
            Policy = core.Routing.Policy,
            Terms = core.Routing.Terms,
            Stays = core.Routing.Table.Stays.GetValueOrDefault((service, from, to)),
            Held = held,
            Detour = ways.Detour.IsNone ? null : RelaysOf(ways.Detour),
            Version = routes?.Version.ToString() ?? "",
            Since = routes is null ? null : history?.SinceOf(from, to),
            Names = core.History.Members.ToDictionary(member => member.Number, member => member.Name),
            Trouble = TroubleOf(core, now, from, to),
        };
    }

    private static NodeId[] RelaysOf(Way way) => way.Relays switch { 0 => [], 1 => [way.First], _ => [way.First, way.Second] };

    private static string TroubleOf(ControllerCore core, ControllerTime now, NodeId from, NodeId to)
    {
        if (IsSilent(from))
            return $"Node {core.History.NameOf(from)} does not report its links: it goes on by the ways that it was last told.";
        if (IsSilent(to))
            return $"Node {core.History.NameOf(to)} does not report its links: what its peers say of them counts.";
        return core.Routing.Table.Nodes == 0 ? "The controller waits for more nodes to report before it computes routes: till then nodes go on by the ways that they were last told." : "";

        bool IsSilent(NodeId node) => !core.Routing.Links.Reporters.TryGetValue(node, out var reporter) || !reporter.Counts(now.Mono);
    }
}
