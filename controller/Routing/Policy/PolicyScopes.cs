using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// The different ways in which a policy restricts what traffic may pass. Traffic of one class between two regions may pass what the rules of ways
/// and the conditions of nodes leave; regions that no rule names are all alike.
/// </summary>
internal static class PolicyScopes
{
    /// <summary>Stands for every region that no rule names.</summary>
    public const string Elsewhere = "";

    /// <summary>The regions that rules name, and elsewhere first.</summary>
    public static List<string> Regions(PolicyDocument document) =>
        [Elsewhere, .. document.Ways.SelectMany(rule => rule.From.Concat(rule.To)).Concat(document.Nodes.SelectMany(rule => rule.Regions)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The most that any class has, the one without restrictions included.</summary>
    public static int Count(PolicyDocument document)
    {
        var regions = Regions(document);
        var most = 1;
        for (var each = 0; each < Topology.Classes; each++)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var from in regions)
            {
                foreach (var to in regions)
                {
                    // More than this is refused; how many more does not matter.
                    if (seen.Count <= PolicyLimits.Rules)
                        seen.Add(Signature(document, (RouteClass)each, from, to));
                }
            }

            most = Math.Max(most, seen.Count);
        }

        return most;
    }

    /// <summary>The rules that keep such traffic from something. Where these are the same, so is what it may pass.</summary>
    public static string Signature(PolicyDocument document, RouteClass service, string from, string to)
    {
        var ways = Enumerable.Range(0, document.Ways.Count).Where(at => document.Ways[at].Fits(from, to));
        var classes = Enumerable.Range(0, document.Nodes.Count).Where(at => RefusesClass(document.Nodes[at], service));
        var regions = Enumerable.Range(0, document.Nodes.Count).Where(at => RefusesRegions(document.Nodes[at], from, to));
        return $"{string.Join(',', ways)};{string.Join(',', classes)};{string.Join(',', regions)}";
    }

    public static bool RefusesClass(NodeRule rule, RouteClass service) => rule.Classes.Count > 0 && !rule.Classes.Contains(service);

    public static bool RefusesRegions(NodeRule rule, string from, string to) =>
        rule.Regions.Count > 0 && !(rule.Regions.Contains(from, StringComparer.Ordinal) && rule.Regions.Contains(to, StringComparer.Ordinal));
}
