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
    private readonly LinkTable? _links;
    private readonly NodeRule[] _nodes;

    /// <summary>Null where nothing restricts what traffic may pass; then nothing of the following counts.</summary>
    private readonly PolicyScopes? _scopes;
    private readonly byte[] _groups = [];
    private readonly byte[] _scopeOf = [];

    /// <summary>For each class and scope, which members may be passed.</summary>
    private readonly bool[][][] _allowed = [];

    /// <param name="document">The policy.</param>
    /// <param name="members">Ascending; who is meant by a place is who stands there.</param>
    public PolicyTerms(PolicyDocument document, IReadOnlyList<Member> members)
    {
        (_document, _members) = (document, members);
        _links = document.Links.Count == 0 ? null : new(document.Links, members);
        _nodes = document.Nodes.Count == 0 ? [] : [.. members.Select(OfNode)];
        CountsLoad = document.Load.Measured || _links?.Kinds.Any(kind => kind.Capacity > 0 || (kind.Price > 0 && kind.Paid > 0)) == true || _nodes.Any(node => node.Capacity is not null);
        if (document.Ways.Count == 0 && !document.Nodes.Any(rule => rule.Classes.Count > 0 || rule.Regions.Count > 0))
            return;
        _scopes = new(document);
        _groups = [.. members.Select(member => _scopes.PlaceOf(member.Region))];
        _scopeOf = [.. _scopes.Scopes.Select(scope => checked((byte)scope))];
        _allowed = [.. Enumerable.Range(0, Topology.Classes).Select(each => _scopes.Pairs.Select(pair => Allowed((RouteClass)each, pair.From, pair.To)).ToArray())];
    }

    /// <summary>Costs depend on what links carry.</summary>
    public bool CountsLoad { get; }

    public bool IsLoadMeasured => _document.Load.Measured;

    public bool HasLinkRules => _links is not null;

    public LoadCurve Curve => new(_document.Load.From, _document.Load.Full, _document.Load.Time);

    public LinkTerms OfLink(int from, int to) => _links?.Of(from, to) ?? LinkTerms.None;

    public LinkTerms OfLink(NodeId from, NodeId to) =>
        _links is not null && PlaceOf(from) is var one and >= 0 && PlaceOf(to) is var other and >= 0 ? OfLink(one, other) : LinkTerms.None;

    public bool IsUnderMaintenance(NodeId node) => PlaceOf(node) is var place and >= 0 && IsUnderMaintenance(place);

    public bool IsUnderMaintenance(int node) => _nodes.Length > 0 && _nodes[node].Maintenance == true;

    /// <summary>In kbit/s; 0 where no rule says it.</summary>
    public int CapacityOf(int node) => _nodes.Length > 0 && _nodes[node].Capacity is { } capacity ? LinkTerms.Kilobits(capacity.BitsPerSecond) : 0;

    /// <summary>What a price per GB counts in each class, in microseconds.</summary>
    public int[] CostsOf(double price) =>
        [.. Enumerable.Range(0, Topology.Classes).Select(each => (int)Math.Min(price * _document.Price.Of((RouteClass)each).Microseconds, GraphLimits.MostPriceCost))];

    /// <summary>Which of some nodes traffic may pass, by its class and where it begins and ends.</summary>
    public Restrictions RestrictionsOf(int[] places) =>
        _scopes is null ? Restrictions.None
        : new(
            [.. places.Select(place => _groups[place])],
            _scopes.Regions,
            [.. Enumerable.Repeat(_scopeOf, Topology.Classes)],
            [.. _allowed.Select(service => service.Select(nodes => places.Select(place => nodes[place]).ToArray()).ToArray())]);

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

    /// <summary>Of all members, who may be passed by such traffic.</summary>
    private bool[] Allowed(RouteClass service, string from, string to)
    {
        var ways = _document.Ways.Where(rule => rule.Fits(from, to)).ToList();
        return [.. Enumerable.Range(0, _members.Count).Select(MayPass)];

        bool MayPass(int place) =>
            (_nodes.Length == 0 || !(PolicyScopes.RefusesClass(_nodes[place], service) || PolicyScopes.RefusesRegions(_nodes[place], from, to)))
            && ways.TrueForAll(rule => (rule.Regions.Count == 0 || rule.Regions.Contains(_members[place].Region, StringComparer.Ordinal))
                && (rule.Operators.Count == 0 || rule.Operators.Contains(_members[place].Operator, StringComparer.Ordinal)));
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
}
