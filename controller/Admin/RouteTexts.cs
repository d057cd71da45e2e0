using System.Globalization;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Core;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Admin;

/// <summary>Links and routes as tables for people: what was chosen, what it takes now, and why in one line each.</summary>
internal sealed class RouteTexts(ControllerCore core, ControllerTime now)
{
    /// <summary>A table that nobody reads to its end helps nobody: of one node's links there are as many as that.</summary>
    private const int MostLinks = 1_000;

    /// <summary>All links that are reported, or one node's. A link is told by both of its ends.</summary>
    public AdminAnswer Links(string only)
    {
        if (only.Length > 0 && !TryFind(only, out _, out var problem))
            return new(false, problem);
        var node = only.Length > 0 && TryFind(only, out var found, out _) ? found : NodeId.None;
        var lines = (from reporter in core.Routing.Links.Reporters
                     where reporter.Value.Counts(now.Mono) && (node.IsNone || reporter.Key == node)
                     from link in reporter.Value.Links.Values
                     orderby reporter.Key, link.Peer
                     select (Node: reporter.Key, Link: link)).ToList();
        if (lines.Count == 0)
            return new(true, node.IsNone ? "No node reports any link." : $"Node {node.Value} reports no link.");
        var text = new StringBuilder("  node    peer  state    round trip   jitter  loss to  loss from      sent  carries\n");
        foreach (var (from, link) in lines.Take(MostLinks))
        {
            var state = core.Routing.Links.StateOf(now.Mono, from, link.Peer) switch { LinkState.Proven => "good", LinkState.Up => "waiting", _ => "denied" };
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{from.Value,6}  {link.Peer.Value,6}  {state,-7}  {Time(link.Rtt.Microseconds),10}  {Time(link.Jitter.Microseconds),7}  {Share(link.LossTo),7}  {Share(link.LossFrom),9}  {Rate(link.Used),8}  {Rate(link.Bandwidth),7}");
        }

        if (lines.Count > MostLinks)
            text.AppendLine(CultureInfo.InvariantCulture, $"{lines.Count - MostLinks} more: name a node to see its own.");
        return new(true, text.ToString().TrimEnd());
    }

    public AdminAnswer Show(string from, string to)
    {
        if (!TryFind(from, out var origin, out var problem) || !TryFind(to, out var destination, out problem))
            return new(false, problem);
        if (origin == destination)
            return new(false, "These two are the same node: name another one.");
        var held = core.Routing.Table.Of(origin);
        var ways = held?.To(RouteClass.Signal, destination) ?? WaySet.None;
        var topology = core.Routing.Links.Survey(now.Mono, core.History.Snapshot, core.Routing.Health);
        var best = Best(topology, origin, destination);
        if (ways.Count == 0)
            return new(true, $"There is no way from {Name(origin)} to {Name(destination)} that the controller knows of: {WhyNone(origin, destination)}. They use their direct link, if it works.");
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"From {Name(origin)} to {Name(destination)}, {held!.Version}\nrank  takes now   way\n");
        for (var rank = 0; rank < ways.Count; rank++)
        {
            var cost = CostOf(topology, origin, ways[rank], destination);
            text.AppendLine(CultureInfo.InvariantCulture, $"{rank,4}  {(cost is { } known ? Time(known) : "-"),9}   {Path(ways[rank])}: {(rank == 0 ? WhyFirst(cost, best, ways[0], topology, origin, destination) : WhyBackup(cost))}");
        }

        return new(true, text.ToString().TrimEnd());
    }

    private string WhyFirst(int? cost, int best, Way way, Topology topology, NodeId origin, NodeId destination)
    {
        if (cost is not { } known)
            return "it cannot be used any more, and the next computation replaces it";
        if (known > best)
            return $"kept, as the shortest would save {Time(known - best)} and {core.Routing.Policy.LeastGain:P0} and {Time(core.Routing.Policy.LeastGainTime.Microseconds)} are asked";
        if (way.IsDirect)
            return "the shortest";
        return CostOf(topology, origin, Way.Direct, destination) is { } direct ? $"the shortest, the direct link takes {Time(direct)}" : "the shortest, there is no direct link";
    }

    private static string WhyBackup(int? cost) => cost is null ? "it cannot be used any more, and the next computation replaces it" : "shares no relay with those above";

    private string WhyNone(NodeId origin, NodeId destination)
    {
        foreach (var node in (NodeId[])[origin, destination])
        {
            if (!core.Routing.Links.Reporters.TryGetValue(node, out var reporter) || !reporter.Counts(now.Mono))
                return $"node {node.Value} does not report, and keeps the ways that it was last told";
        }

        return core.Routing.Table.Nodes == 0 ? "it waits for more nodes to report" : "no links that work lead there over two relays at most";
    }

    private int Best(Topology topology, NodeId origin, NodeId destination)
    {
        if (topology.IndexOf(origin) is not (var from and >= 0) || topology.IndexOf(destination) is not (var to and >= 0))
            return Topology.Unreachable;
        return topology.Count == 0 ? Topology.Unreachable : BestWay.Find(topology, RouteClass.Signal, core.Routing.Policy, from, to).Cost;
    }

    private int? CostOf(Topology topology, NodeId origin, Way way, NodeId destination)
    {
        NodeId[] nodes = way.Relays switch { 0 => [origin, destination], 1 => [origin, way.First, destination], _ => [origin, way.First, way.Second, destination] };
        var cost = (nodes.Length - 2) * (int)core.Routing.Policy.RelayTime.Microseconds;
        for (var i = 1; i < nodes.Length; i++)
        {
            if (topology.IndexOf(nodes[i - 1]) is not (var from and >= 0) || topology.IndexOf(nodes[i]) is not (var to and >= 0) || topology.Cost(RouteClass.Signal, from, to) >= Topology.Unreachable)
                return null;
            if (i < nodes.Length - 1 && !topology.Carries(to))
                return null;
            cost += topology.Cost(RouteClass.Signal, from, to);
        }

        return cost;
    }

    /// <summary>By number or by name.</summary>
    private bool TryFind(string text, out NodeId number, out string problem)
    {
        var member = core.History.Members.FirstOrDefault(member => member.Name == text && text.Length > 0)
            ?? (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? core.History.Members.FirstOrDefault(member => member.Number.Value == value) : null);
        number = member?.Number ?? NodeId.None;
        problem = member is null ? $"There is no node \"{text}\": \"wecan-controller node list\" shows them." : "";
        return member is not null;
    }

    private string Name(NodeId node) =>
        core.History.Members.FirstOrDefault(member => member.Number == node) is { Name.Length: > 0 } named ? $"{node.Value} ({named.Name})" : $"{node.Value}";

    private string Path(Way way) => way.Relays switch
    {
        0 => "direct",
        1 => $"by {Name(way.First)}",
        _ => $"by {Name(way.First)} and {Name(way.Second)}",
    };

    private static string Time(long microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0.0} ms");

    private static string Share(uint millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 10_000.0:0.00} %");

    private static string Rate(Bandwidth rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.MegabitsPerSecond:0.0} M");
}
