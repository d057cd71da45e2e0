using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// A policy worked out for the members that there are: what it says of each direction of a link and of each node. Made anew when the policy or
/// the membership changes, as asking every rule of every link each time would take long. Not changed once made.
/// </summary>
internal sealed class PolicyTerms
{
    private readonly PolicyDocument _document;
    private readonly IReadOnlyList<Member> _members;
    private readonly LinkTerms[] _kinds;
    private readonly ushort[] _links;
    private readonly NodeRule[] _nodes;

    /// <param name="document">The policy.</param>
    /// <param name="members">Ascending; who is meant by a place is who stands there.</param>
    public PolicyTerms(PolicyDocument document, IReadOnlyList<Member> members)
    {
        (_document, _members) = (document, members);
        (_kinds, _links) = document.Links.Count == 0 ? ([LinkTerms.None], []) : OfLinks(document.Links, members);
        _nodes = document.Nodes.Count == 0 ? [] : [.. members.Select(OfNode)];
        CountsLoad = document.Load.Measured || _kinds.Any(kind => kind.Capacity > 0 || (kind.Price > 0 && kind.Paid > 0)) || _nodes.Any(node => node.Capacity is not null);
    }

    /// <summary>Costs depend on what links carry.</summary>
    public bool CountsLoad { get; }

    public bool IsLoadMeasured => _document.Load.Measured;

    public bool HasLinkRules => _links.Length > 0;

    public LoadCurve Curve => new(_document.Load.From, _document.Load.Full, _document.Load.Time);

    public LinkTerms OfLink(int from, int to) => _links.Length == 0 ? LinkTerms.None : _kinds[_links[(from * _members.Count) + to]];

    public LinkTerms OfLink(NodeId from, NodeId to) =>
        _links.Length > 0 && PlaceOf(from) is var one and >= 0 && PlaceOf(to) is var other and >= 0 ? OfLink(one, other) : LinkTerms.None;

    public bool IsUnderMaintenance(NodeId node) => PlaceOf(node) is var place and >= 0 && IsUnderMaintenance(place);

    public bool IsUnderMaintenance(int node) => _nodes.Length > 0 && _nodes[node].Maintenance == true;

    /// <summary>In kbit/s; 0 where no rule says it.</summary>
    public int CapacityOf(int node) => _nodes.Length > 0 && _nodes[node].Capacity is { } capacity ? LinkTerms.Kilobits(capacity.BitsPerSecond) : 0;

    /// <summary>What a price per GB counts in each class, in microseconds.</summary>
    public int[] CostsOf(double price) =>
        [.. Enumerable.Range(0, Topology.Classes).Select(each => (int)Math.Min(price * _document.Price.Of((RouteClass)each).Microseconds, GraphLimits.MostPriceCost))];

    /// <summary>Which of some nodes traffic may pass, by its class and where it begins and ends.</summary>
    public Restrictions RestrictionsOf(int[] places)
    {
        if (_document.Ways.Count == 0 && !_document.Nodes.Any(rule => rule.Classes.Count > 0 || rule.Regions.Count > 0))
            return Restrictions.None;
        var regions = PolicyScopes.Regions(_document);
        var groups = places.Select(place => (byte)Math.Max(regions.IndexOf(_members[place].Region), 0)).ToArray();
        var scopes = new byte[Topology.Classes][];
        var allowed = new bool[Topology.Classes][][];
        for (var each = 0; each < Topology.Classes; each++)
        {
            var seen = new Dictionary<string, byte>(StringComparer.Ordinal);
            var sets = new List<bool[]>();
            scopes[each] = new byte[regions.Count * regions.Count];
            for (var at = 0; at < scopes[each].Length; at++)
            {
                var (service, from, to) = ((RouteClass)each, regions[at / regions.Count], regions[at % regions.Count]);
                var signature = PolicyScopes.Signature(_document, service, from, to);
                if (!seen.TryGetValue(signature, out var scope))
                {
                    seen.Add(signature, scope = (byte)sets.Count);
                    sets.Add([.. places.Select(place => MayPass(place, service, from, to))]);
                }

                scopes[each][at] = scope;
            }

            allowed[each] = [.. sets];
        }

        return new(groups, regions.Count, scopes, allowed);
    }

    private int PlaceOf(NodeId node)
    {
        var (low, high) = (0, _members.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = _members[middle].Number.CompareTo(node);
            if (order == 0)
                return middle;
            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private bool MayPass(int place, RouteClass service, string from, string to)
    {
        var member = _members[place];
        if (_nodes.Length > 0 && (PolicyScopes.RefusesClass(_nodes[place], service) || PolicyScopes.RefusesRegions(_nodes[place], from, to)))
            return false;
        return _document.Ways.All(rule => !rule.Fits(from, to)
            || ((rule.Regions.Count == 0 || rule.Regions.Contains(member.Region, StringComparer.Ordinal))
                && (rule.Operators.Count == 0 || rule.Operators.Contains(member.Operator, StringComparer.Ordinal))));
    }

    private NodeRule OfNode(Member member)
    {
        var sum = new NodeRule();
        foreach (var rule in _document.Nodes.Where(rule => rule.Who.Fits(member)))
        {
            sum = new()
            {
                Maintenance = rule.Maintenance ?? sum.Maintenance,
                Capacity = rule.Capacity ?? sum.Capacity,
                Classes = rule.Classes.Count > 0 ? rule.Classes : sum.Classes,
                Regions = rule.Regions.Count > 0 ? rule.Regions : sum.Regions,
            };
        }

        return sum;
    }

    private static (LinkTerms[] Kinds, ushort[] Links) OfLinks(IReadOnlyList<LinkRule> rules, IReadOnlyList<Member> members)
    {
        var kinds = new List<LinkTerms> { LinkTerms.None };
        var links = new ushort[members.Count * members.Count];
        foreach (var rule in rules)
        {
            var next = new Dictionary<ushort, ushort>();
            var (from, to) = (Fitting(rule.From), Fitting(rule.To));
            foreach (var one in from)
            {
                foreach (var other in to)
                    Apply((one * members.Count) + other);
            }

            if (!rule.Both)
                continue;
            var (isFrom, isTo) = (from.ToHashSet(), to.ToHashSet());
            foreach (var one in to)
            {
                // A direction that the rule means both ways has it already.
                foreach (var other in from.Where(other => !(isFrom.Contains(one) && isTo.Contains(other))))
                    Apply((one * members.Count) + other);
            }

            void Apply(int at)
            {
                if (!next.TryGetValue(links[at], out var kind))
                {
                    var terms = kinds[links[at]].With(rule);
                    if (!kinds.Contains(terms))
                        kinds.Add(terms);
                    next.Add(links[at], kind = (ushort)kinds.IndexOf(terms));
                }

                links[at] = kind;
            }
        }

        return ([.. kinds], links);

        List<int> Fitting(MemberSelector selector) => [.. Enumerable.Range(0, members.Count).Where(place => selector.Fits(members[place]))];
    }
}
