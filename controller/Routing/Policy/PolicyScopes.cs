using System.Numerics;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// The different ways in which a policy restricts what traffic may pass. Traffic of one class between two regions may pass what the rules of ways
/// and the conditions of nodes leave; regions that no rule names are all alike. It follows from the document alone, and takes no longer than a document
/// within its bounds (<see cref="PolicyLimits.Rules"/>, <see cref="PolicyLimits.Regions"/>) allows: of others it is not made.
/// </summary>
internal sealed class PolicyScopes
{
    /// <summary>Stands for every region that no rule names.</summary>
    public const string Elsewhere = "";

    private readonly IReadOnlyList<string> _regions;
    private readonly List<(string From, string To)> _pairs = [];

    public PolicyScopes(PolicyDocument document)
    {
        _regions = [Elsewhere, .. Named(document).Order(StringComparer.Ordinal)];
        var scopes = new List<int>(_regions.Count * _regions.Count);
        var seen = new Dictionary<BigInteger, int>();
        var (from, to) = Rules(document);
        for (var origin = 0; origin < _regions.Count; origin++)
        {
            for (var destination = 0; destination < _regions.Count; destination++)
            {
                // The rules for this traffic: where they are the same, so is what it may pass, in each class.
                var rules = from[origin] & to[destination];
                if (!seen.TryGetValue(rules, out var scope))
                {
                    seen.Add(rules, scope = _pairs.Count);
                    _pairs.Add((_regions[origin], _regions[destination]));
                }

                scopes.Add(scope);
            }
        }

        Scopes = scopes;
    }

    /// <summary>How many regions are told apart.</summary>
    public int Regions => _regions.Count;

    /// <summary>For each scope two regions whose traffic is of it; the one without restrictions is a scope too.</summary>
    public IReadOnlyList<(string From, string To)> Pairs => _pairs;

    /// <summary>By the place of the region where traffic begins times <see cref="Regions"/>, and that where it ends.</summary>
    public IReadOnlyList<int> Scopes { get; }

    /// <summary>The regions by which rules tell traffic apart.</summary>
    public static IEnumerable<string> Named(PolicyDocument document) =>
        document.Ways.SelectMany(rule => rule.From.Concat(rule.To)).Concat(document.Nodes.SelectMany(rule => rule.Regions)).Distinct(StringComparer.Ordinal);

    public static bool RefusesClass(NodeRule rule, RouteClass service) => rule.Classes.Count > 0 && !rule.Classes.Contains(service);

    public static bool RefusesRegions(NodeRule rule, string from, string to) =>
        rule.Regions.Count > 0 && !(rule.Regions.Contains(from, StringComparer.Ordinal) && rule.Regions.Contains(to, StringComparer.Ordinal));

    /// <summary>The place of a region, as a byte: there are few enough.</summary>
    public byte PlaceOf(string region)
    {
        for (var place = 1; place < _regions.Count; place++)
        {
            if (_regions[place] == region)
                return checked((byte)place);
        }

        return 0;
    }

    /// <summary>
    /// For each region, a bit for each rule of ways that fits what begins there, and for each of nodes that carry what begins there; and the same
    /// of what ends there.
    /// </summary>
    private (BigInteger[] From, BigInteger[] To) Rules(PolicyDocument document)
    {
        var places = Enumerable.Range(0, _regions.Count).ToDictionary(place => _regions[place], StringComparer.Ordinal);
        var (from, to) = (Bits(), Bits());
        for (var at = 0; at < document.Ways.Count; at++)
        {
            Set(from, document.Ways[at].From, at);
            Set(to, document.Ways[at].To, at);
        }

        for (var at = 0; at < document.Nodes.Count; at++)
        {
            Set(from, document.Nodes[at].Regions, document.Ways.Count + at);
            Set(to, document.Nodes[at].Regions, document.Ways.Count + at);
        }

        return (Numbers(from), Numbers(to));

        byte[][] Bits() => [.. _regions.Select(_ => new byte[(document.Ways.Count + document.Nodes.Count + 7) / 8])];

        // A rule that names no region means all of them.
        void Set(byte[][] bits, IReadOnlyList<string> named, int rule)
        {
            foreach (var place in named.Count == 0 ? Enumerable.Range(0, bits.Length) : named.Select(region => places[region]))
                bits[place][rule / 8] |= (byte)(1 << (rule % 8));
        }

        static BigInteger[] Numbers(byte[][] bits) => [.. bits.Select(each => new BigInteger(each, isUnsigned: true))];
    }
}
