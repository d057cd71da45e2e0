using System.Numerics;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// The different ways in which a policy restricts what traffic may pass. Traffic of one class between two regions may pass what the rules of ways
/// and the conditions of nodes leave; regions that all rules name alike are of one kind, and so are those that none names. It follows from the document alone,
/// and takes no longer than a document within its bounds (<see cref="PolicyLimits.Rules"/>, <see cref="PolicyLimits.Regions"/>) allows: of others it is not made.
/// </summary>
internal sealed class PolicyScopes
{
    /// <summary>Stands for every region that no rule names.</summary>
    public const string Elsewhere = "";

    private readonly List<RegionKind> _kinds;
    private readonly Dictionary<string, byte> _places = new(StringComparer.Ordinal);
    private readonly List<(string From, string To)> _pairs = [];

    public PolicyScopes(PolicyDocument document)
    {
        _kinds = KindsOf(document);
        for (var place = 0; place < _kinds.Count; place++)
        {
            foreach (var region in _kinds[place].Regions)
                _places.Add(region, checked((byte)place));
        }

        var scopes = new List<int>(_kinds.Count * _kinds.Count);
        var seen = new Dictionary<BigInteger, int>();
        foreach (var origin in _kinds)
        {
            foreach (var destination in _kinds)
            {
                // The rules for this traffic: where they are the same, so is what it may pass, in each class.
                var rules = origin.From & destination.To;
                if (!seen.TryGetValue(rules, out var scope))
                {
                    seen.Add(rules, scope = _pairs.Count);
                    _pairs.Add((origin.Regions[0], destination.Regions[0]));
                }

                scopes.Add(scope);
            }
        }

        Scopes = scopes;
    }

    /// <summary>How many kinds of regions are told apart, with that of the regions that no rule names.</summary>
    public int Regions => _kinds.Count;

    /// <summary>For each scope two regions whose traffic is of it; the one without restrictions is a scope too.</summary>
    public IReadOnlyList<(string From, string To)> Pairs => _pairs;

    /// <summary>By the place of the kind of region where traffic begins times <see cref="Regions"/>, and that where it ends.</summary>
    public IReadOnlyList<int> Scopes { get; }

    /// <summary>The regions by which rules tell traffic apart.</summary>
    public static IEnumerable<string> Named(PolicyDocument document) =>
        document.Ways.SelectMany(rule => rule.From.Concat(rule.To)).Concat(document.Nodes.SelectMany(rule => rule.Regions)).Distinct(StringComparer.Ordinal);

    public static bool RefusesClass(NodeRule rule, RouteClass service) => rule.Classes.Count > 0 && !rule.Classes.Contains(service);

    public static bool RefusesRegions(NodeRule rule, string from, string to) =>
        rule.Regions.Count > 0 && !(rule.Regions.Contains(from, StringComparer.Ordinal) && rule.Regions.Contains(to, StringComparer.Ordinal));

    /// <summary>The place of a region's kind, as a byte: there are few enough.</summary>
    public byte PlaceOf(string region) => _places.GetValueOrDefault(region);

    /// <summary>The regions by kinds, that of those that no rule names first. As quick as the document is short, whatever it names.</summary>
    public static List<RegionKind> KindsOf(PolicyDocument document)
    {
        string[] regions = [Elsewhere, .. Named(document).Order(StringComparer.Ordinal)];
        var places = Enumerable.Range(0, regions.Length).ToDictionary(place => regions[place], StringComparer.Ordinal);
        var rules = document.Ways.Select(rule => (rule.From, rule.To)).Concat(document.Nodes.Select(rule => (rule.Regions, rule.Regions))).ToList();
        var (from, to) = (BitsOf(rules.Select(rule => rule.Item1)), BitsOf(rules.Select(rule => rule.Item2)));
        var kinds = new List<RegionKind>();
        var known = new Dictionary<(BigInteger From, BigInteger To), RegionKind>();
        for (var place = 0; place < regions.Length; place++)
        {
            if (!known.TryGetValue((from[place], to[place]), out var kind))
            {
                known.Add((from[place], to[place]), kind = new(from[place], to[place], []));
                kinds.Add(kind);
            }

            kind.Regions.Add(regions[place]);
        }

        return kinds;

        // A rule that names no region means all of them.
        BigInteger[] BitsOf(IEnumerable<IReadOnlyList<string>> named)
        {
            var bits = new byte[regions.Length][];
            for (var place = 0; place < bits.Length; place++)
                bits[place] = new byte[(rules.Count + 7) / 8];
            var (all, at) = (BigInteger.Zero, 0);
            foreach (var each in named)
            {
                all |= each.Count == 0 ? BigInteger.One << at : 0;
                foreach (var region in each)
                    bits[places[region]][at / 8] |= (byte)(1 << (at % 8));
                at++;
            }

            return [.. bits.Select(each => new BigInteger(each, isUnsigned: true) | all)];
        }
    }
}
