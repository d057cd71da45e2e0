using System.Globalization;
using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Inspection;

/// <summary>What load, price and policy have to do with a pair's ways, in sentences.</summary>
internal sealed class PolicyNotes(RouteLook look)
{
    /// <summary>Of each link of some ways what it costs beside time, and of nodes that may not be passed which these are.</summary>
    public IEnumerable<string> Of(IEnumerable<NodeId[]> ways) => OfNodes().Concat(ways.SelectMany(Hops).Distinct().Select(hop => OfLink(hop.From, hop.To)).OfType<string>().Take(InspectionLimits.Others));

    /// <summary>How many links the policy closes to this class where a way would have to begin and to end: why there may be none.</summary>
    public IReadOnlyList<string> OfEnds()
    {
        if (look.Terms is not { } terms)
            return [];
        var (leaving, coming) = (0, 0);
        foreach (var node in look.Topology.Nodes)
        {
            leaving += node != look.From && !terms.OfLink(look.From, node).Allows(look.Service) ? 1 : 0;
            coming += node != look.To && !terms.OfLink(node, look.To).Allows(look.Service) ? 1 : 0;
        }

        var links = look.Topology.Count - 1;
        return leaving + coming == 0 ? [] :
            [string.Create(CultureInfo.InvariantCulture, $"The policy closes to this class {leaving} of the {links} links from {Name(look.From)}, and {coming} of the {links} to {Name(look.To)}: \"wecan policy show\" prints it.")];
    }

    /// <summary>Why a better way is not taken, where that is no matter of how much better it is.</summary>
    public string? WhyStays(string saves) => look.Stays switch
    {
        RouteCause.Waits => $"Kept for now: the best other way would save {saves}, and this pair waits its turn, as at most {look.Policy.MostChanges.ToString("P0", CultureInfo.InvariantCulture)} of all pairs move at once, those first that gain most.",
        RouteCause.Loaded => $"Kept: the best other way would save {saves} without this pair's traffic, and with it the way would be loaded too much.",
        RouteCause.Rests => $"Kept for now: the best other way would save {saves}, but this pair was led elsewhere lately and rests until it shows what came of that.",
        _ => null,
    };

    private IEnumerable<(NodeId From, NodeId To)> Hops(NodeId[] relays)
    {
        NodeId[] nodes = [look.From, .. relays, look.To];
        return nodes.Zip(nodes.Skip(1));
    }

    private string? OfLink(NodeId from, NodeId to)
    {
        var (one, other) = (look.Topology.IndexOf(from), look.Topology.IndexOf(to));
        var terms = look.Terms?.OfLink(from, to);
        if (one < 0 || other < 0 || terms is null)
            return null;
        List<string> notes = [];
        if (!terms.Allows(look.Service))
            notes.Add("is closed to this class by the policy");
        if (terms.IsUnderMaintenance)
            notes.Add("is under maintenance, and taken only where there is no other way");
        if (terms.Price > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"has a price of {terms.Price} per GB{(terms.Paid > 0 ? $" beyond {Rate(terms.Paid)}" : "")}"));
        if (look.Topology.Loads is { } loads && loads.CostOf(look.Service, one, other) is var more and > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"costs {more / 1_000.0:0.0} ms more for what it carries, {Busiest(loads, one, other)}"));
        return notes.Count == 0 ? null : $"The link {Name(from)} to {Name(to)} {string.Join(", and ", notes)}.";
    }

    private string Busiest(LinkLoads loads, int from, int to)
    {
        var place = loads.PlacesOf([from, to]).Where(place => loads.Capacity(place) > 0).MaxBy(place => (double)loads.Least(place) / loads.Capacity(place));
        var whose = place == loads.SentBy(from) ? " of all that its sender can send" : place == loads.SentTo(to) ? " of all that its receiver can take" : "";
        return loads.Capacity(place) == 0 ? $"{Rate(loads.Least(loads.LinkAt(from, to)))}" : $"{Rate(loads.Least(place))} of {Rate(loads.Capacity(place))}{whose}";
    }

    private IEnumerable<string> OfNodes()
    {
        var (from, to) = (look.Topology.IndexOf(look.From), look.Topology.IndexOf(look.To));
        if (look.Terms is null || from < 0 || to < 0)
            yield break;
        var nodes = Enumerable.Range(0, look.Topology.Count).Where(node => node != from && node != to).ToList();
        var closed = nodes.Where(node => look.Topology.Carries(node) && !look.Topology.MayCarry(look.Service, from, to, node)).ToList();
        if (closed.Count > 0)
            yield return $"By the policy this traffic may not pass {Names(closed)}.";
        var maintained = nodes.Where(node => look.Terms.IsUnderMaintenance(look.Topology.Nodes[node])).ToList();
        if (maintained.Count > 0)
            yield return $"Under maintenance, and so on nobody's way: {Names(maintained)}.";
    }

    private string Names(List<int> places)
    {
        var told = string.Join(", ", places.Take(InspectionLimits.Others).Select(place => Name(look.Topology.Nodes[place])));
        return places.Count > InspectionLimits.Others ? $"{told} and {places.Count - InspectionLimits.Others} more" : told;
    }

    private string Name(NodeId node) => new Contracts.Inspection.NodeName(node.Value, look.Names.GetValueOrDefault(node, "")).ToString();

    private static string Rate(int kilobits) => string.Create(CultureInfo.InvariantCulture, $"{kilobits / 1_000.0:0.#} Mbit/s");
}
