using System.Globalization;
using WeCan.Contracts;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Inspection;

/// <summary>
/// Says of one pair of nodes what was chosen and why, what else there is and why not, and what would change it; or what would be chosen
/// if some nodes and links were not there. A pure function of a look at the controller, for any thread.
/// </summary>
internal sealed class RouteExplainer(RouteLook look)
{
    private readonly PolicyNotes _notes = new(look);
    private readonly int _relayTime = (int)look.Policy.RelayTime.Microseconds;

    public RouteReport Explain()
    {
        if (!TryPlaces(out var from, out var to))
            return Empty([], WhyNone("no link of one of them can be used"));
        var all = new WayFinder(look.Topology, look.Service, _relayTime, from, to, new HashSet<int>(), new HashSet<(int, int)>()).All();
        var held = look.Held.Select(relays => (Relays: relays, Cost: CostOf(relays))).ToList();
        var best = all.Count > 0 ? all[0].Cost : Topology.Unreachable;
        var ways = held.Select((way, rank) => Entry(way.Relays, way.Cost, rank, rank == 0 ? WhyFirst(way.Relays, way.Cost, best, all) : way.Cost is null ? Dead : "A backup: the best that shares no relay with those above.")).ToList();
        var others = all.Where(way => !held.Exists(known => Same(known.Relays, way.Relays))).Take(InspectionLimits.Others)
            .Select(way => Entry(Nodes(way.Relays), way.Cost, null, WhyNot(way.Cost, held))).ToList();
        List<string> remarks = held.Count == 0
            ? [WhyNone(all.Count == 0 ? "no links that work, and that the policy leaves to this class, lead there over two relays at most" : "the next computation will choose one of the ways below")]
            : [.. Troubles, .. Changes(held[0].Cost, held, others)];
        if (all.Count == 0)
            remarks.AddRange(_notes.OfEnds());
        remarks.AddRange(_notes.Of(held.Take(1).Select(way => way.Relays).Concat(all.Take(2).Select(way => Nodes(way.Relays)))));
        return new()
        {
            From = Name(look.From),
            To = Name(look.To),
            Class = Class,
            Version = look.Version,
            Since = look.Since?.ToDateTimeOffset(),
            Ways = ways,
            Others = others,
            Remarks = remarks,
        };
    }

    /// <summary>What would be chosen from nothing, with these nodes and links thought away.</summary>
    public RouteReport WhatIf(IReadOnlyList<NodeId> nodes, IReadOnlyList<(NodeId One, NodeId Other)> links)
    {
        List<string> without = [.. nodes.Select(node => Name(node).ToString()), .. links.Select(link => $"the link {Name(link.One)} to {Name(link.Other)}")];
        if (!TryPlaces(out var from, out var to))
            return Empty(without, WhyNone("no link of one of them can be used"));
        if (nodes.Contains(look.From) || nodes.Contains(look.To))
            return Empty(without, "One of the two ends is among what is thought away, so nothing leads there.");
        var gone = nodes.Select(look.Topology.IndexOf).Where(place => place >= 0).ToHashSet();
        var cut = links.SelectMany(link => ((int, int)[])[(look.Topology.IndexOf(link.One), look.Topology.IndexOf(link.Other)), (look.Topology.IndexOf(link.Other), look.Topology.IndexOf(link.One))]).ToHashSet();
        var finder = new WayFinder(look.Topology, look.Service, _relayTime, from, to, gone, cut);
        var chosen = finder.Chosen(WaySet.MostWays);
        var now = look.Held.Count > 0 ? CostOf(look.Held[0]) : null;
        return new()
        {
            From = Name(look.From),
            To = Name(look.To),
            Class = Class,
            Without = without,
            Ways = [.. chosen.Select((way, rank) => Entry(Nodes(way.Relays), way.Cost, rank, rank == 0 ? WhyWouldBe(way.Cost, now) : "A backup: the best that shares no relay with those above."))],
            Others = [.. finder.All().Where(way => !chosen.Exists(known => known.Relays.SequenceEqual(way.Relays))).Take(InspectionLimits.Others).Select(way => Entry(Nodes(way.Relays), way.Cost, null, $"It takes {Time(way.Cost - chosen[0].Cost)} more than the first."))],
            Remarks = chosen.Count == 0 ? ["Nothing would lead there over two relays at most."] : [],
        };
    }

    private string Class => look.Service.ToString().ToLowerInvariant();

    private const string Dead = "It cannot be used any more, and the next computation replaces it.";

    private string WhyFirst(NodeId[] relays, int? cost, int best, List<(int Cost, int[] Relays)> all)
    {
        if (cost is not { } known)
            return Dead;
        if (known > best && look.Policy.IsWorthIt(known, best))
            return _notes.WhyStays(Time(known - best)) ?? $"The best other way would save {Time(known - best)}, and the next computation takes it.";
        if (known > best)
            return $"Kept: the best other way would save {Time(known - best)}, and {Asked(known)} is asked, so that routes do not sway.";
        if (relays.Length == 0)
            return "The quickest: the direct link.";
        var direct = all.Find(way => way.Relays.Length == 0);
        return direct.Relays is null ? "The quickest; there is no direct link that works." : $"The quickest: the direct link takes {Time(direct.Cost - known)} more.";
    }

    private string WhyNot(int cost, List<(NodeId[] Relays, int? Cost)> held)
    {
        if (held.Count == 0 || held[0].Cost is not { } first)
            return "The next computation may choose it.";
        return cost > first ? $"It takes {Time(cost - first)} more than the first."
            : cost == first ? "It takes as long as the first, which was there before."
            : look.Policy.IsWorthIt(first, cost) ? $"It would save {Time(first - cost)}."
            : $"It would save {Time(first - cost)}, and {Asked(first)} is asked, so that routes do not sway.";
    }

    private static string WhyWouldBe(int cost, int? now) => now is not { } known ? "The quickest then."
        : cost > known ? $"The quickest then, {Time(cost - known)} more than now." : cost < known ? $"The quickest then, {Time(known - cost)} less than what is held now." : "The quickest, as now.";

    private IEnumerable<string> Changes(int? cost, List<(NodeId[] Relays, int? Cost)> held, List<WayEntry> others)
    {
        if (cost is not { } first)
            yield break;
        yield return $"Another way takes its place when it needs at most {Time(first - Asked(first).Needed)}.";
        var second = others.Select(way => (int)((way.CostMs ?? 0) * 1_000)).Concat(held.Skip(1).Where(way => way.Cost is not null).Select(way => way.Cost!.Value)).DefaultIfEmpty(-1).Min();
        if (second >= first)
            yield return $"It is left when it needs {Time(Left(second))} or more and the others stay as they are.";
        yield return held.Count > 1 && held[1].Cost is not null
            ? $"When a link of it dies, the nodes on it go around by themselves, first {PathOf(held[1].Relays)}."
            : "When it dies there is no other way that is ready.";
        if (look.Detour is { } detour)
            yield return $"When only its first relay dies, they go {PathOf(detour)}.";
    }

    /// <summary>What the first way costs when one of this cost becomes worth it.</summary>
    private int Left(int other)
    {
        var least = Math.Max(look.Policy.LeastGainTime.Microseconds, 1);
        return (int)Math.Ceiling(Math.Max(other + least, other / (1 - look.Policy.LeastGain)));
    }

    private Gain Asked(int cost) => new((int)Math.Ceiling(Math.Max(Math.Max(look.Policy.LeastGainTime.Microseconds, 1), look.Policy.LeastGain * cost)));

    private readonly record struct Gain(int Needed)
    {
        public override string ToString() => Time(Needed);
    }

    private RouteReport Empty(IReadOnlyList<string> without, string remark) =>
        new() { From = Name(look.From), To = Name(look.To), Class = Class, Without = without, Ways = [], Others = [], Remarks = [remark] };

    private IEnumerable<string> Troubles => look.Trouble.Length > 0 ? [look.Trouble] : [];

    private string WhyNone(string why) => look.Trouble.Length > 0 ? look.Trouble : $"There is no way that was chosen: {why}. The two use their direct link, if it works.";

    private bool TryPlaces(out int from, out int to)
    {
        (from, to) = (look.Topology.IndexOf(look.From), look.Topology.IndexOf(look.To));
        return from >= 0 && to >= 0;
    }

    private WayEntry Entry(NodeId[] relays, int? cost, int? rank, string why)
    {
        NodeId[] nodes = [look.From, .. relays, look.To];
        return new()
        {
            Rank = rank,
            Relays = [.. relays.Select(Name)],
            CostMs = cost is { } known ? known / 1_000.0 : null,
            Hops = [.. nodes.Zip(nodes.Skip(1)).Select(hop => new HopEntry(hop.First.Value, hop.Second.Value, HopCost(hop.First, hop.Second) is { } microseconds ? microseconds / 1_000.0 : null))],
            Why = why,
        };
    }

    private int? CostOf(NodeId[] relays)
    {
        NodeId[] nodes = [look.From, .. relays, look.To];
        if (!TryPlaces(out var origin, out var destination) || relays.Any(relay => look.Topology.IndexOf(relay) is var place && (place < 0 || !look.Topology.MayCarry(look.Service, origin, destination, place))))
            return null;
        var sum = relays.Length * _relayTime;
        foreach (var (one, other) in nodes.Zip(nodes.Skip(1)))
        {
            if (HopCost(one, other) is not { } cost)
                return null;
            sum += cost;
        }

        return sum;
    }

    private int? HopCost(NodeId one, NodeId other)
    {
        var (from, to) = (look.Topology.IndexOf(one), look.Topology.IndexOf(other));
        return from >= 0 && to >= 0 && look.Topology.Cost(look.Service, from, to) is var cost && cost < Topology.Unreachable ? cost : null;
    }

    private bool Same(NodeId[] relays, int[] places) => relays.SequenceEqual(Nodes(places));

    private NodeId[] Nodes(int[] places)
    {
        var all = look.Topology.Nodes;
        var nodes = new NodeId[places.Length];
        for (var i = 0; i < places.Length; i++)
            nodes[i] = all[places[i]];
        return nodes;
    }

    private NodeName Name(NodeId node) => new(node.Value, look.Names.GetValueOrDefault(node, ""));

    private string PathOf(NodeId[] relays) => relays.Length == 0 ? "on the direct link" : $"by {string.Join(" and ", relays.Select(Name))}";

    private static string Time(int microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0.0} ms");
}
