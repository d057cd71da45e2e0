using WeCan.Contracts.Control;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Policies;

/// <summary>
/// The rules of a policy that put something into maintenance. What begins gets a rule of its own at the end, where it counts whatever
/// stands before; what ends loses those that mean just it, and rules that mean more are left to who wrote them.
/// </summary>
internal static class MaintenanceRules
{
    /// <summary>The policy with a rule for the target.</summary>
    public static PolicyDocument Begin(PolicyDocument document, MaintenanceTarget target) => target.Kind == MaintenanceKind.Link
        ? document with { Links = [.. document.Links, new() { From = target.Who, To = target.Other, Both = true, Maintenance = true }] }
        : document with { Nodes = [.. document.Nodes, new() { Who = target.Who, Maintenance = true }] };

    /// <summary>The policy without those; null where there is none.</summary>
    public static PolicyDocument? End(PolicyDocument document, MaintenanceTarget target, IReadOnlyCollection<Member> members)
    {
        var links = document.Links.Where(rule => target.Kind == MaintenanceKind.Link && rule.Maintenance == true && IsBetween(rule, target, members)).ToHashSet(ReferenceEqualityComparer.Instance);
        var nodes = document.Nodes.Where(rule => target.Kind != MaintenanceKind.Link && rule.Maintenance == true && IsSame(rule.Who, target.Who, members)).ToHashSet(ReferenceEqualityComparer.Instance);
        if (links.Count + nodes.Count == 0)
            return null;
        return document with
        {
            Links = [.. document.Links.Select(rule => links.Contains(rule) ? rule with { Maintenance = null } : rule).Where(rule => !rule.SaysNothing)],
            Nodes = [.. document.Nodes.Select(rule => nodes.Contains(rule) ? rule with { Maintenance = null } : rule).Where(rule => !rule.SaysNothing)],
        };
    }

    /// <summary>Whether all of it is in maintenance, by whichever rules.</summary>
    public static bool IsOn(PolicyDocument document, MaintenanceTarget target, IReadOnlyCollection<Member> members)
    {
        var one = members.Where(target.Who.Fits).ToList();
        if (target.Kind != MaintenanceKind.Link)
            return one.Count > 0 && one.All(member => IsOn(document, member));
        return one.Count > 0 && members.Where(target.Other.Fits).All(other => one.All(own => IsOn(document, own, other) && IsOn(document, other, own)));
    }

    /// <summary>All rules that put something into maintenance, with what each means.</summary>
    public static IEnumerable<(string What, string Name, int Nodes)> List(PolicyDocument document, IReadOnlyCollection<Member> members)
    {
        foreach (var rule in document.Nodes.Where(rule => rule.Maintenance == true))
        {
            var kinds = Parts(rule.Who).ToList();
            var (what, name) = kinds.Count == 1 ? kinds[0] : ("nodes", kinds.Count == 0 ? "all" : string.Join(' ', kinds.Select(part => $"{part.Kind} {part.Name}")));
            yield return (what, name, members.Count(rule.Who.Fits));
        }

        foreach (var rule in document.Links.Where(rule => rule.Maintenance == true))
        {
            var isPair = rule.Both && IsNode(rule.From) && IsNode(rule.To);
            yield return isPair
                ? ("link", $"{rule.From.Node}/{rule.To.Node}", members.Count(member => rule.From.Fits(member) || rule.To.Fits(member)))
                : ("links", $"from {Text(rule.From)} to {Text(rule.To)}{(rule.Both ? " and back" : "")}", members.Count(member => rule.From.Fits(member) || rule.To.Fits(member)));
        }
    }

    private static bool IsOn(PolicyDocument document, Member member) =>
        document.Nodes.LastOrDefault(rule => rule.Maintenance is not null && rule.Who.Fits(member))?.Maintenance == true;

    private static bool IsOn(PolicyDocument document, Member from, Member to) =>
        document.Links.LastOrDefault(rule => rule.Maintenance is not null
            && ((rule.From.Fits(from) && rule.To.Fits(to)) || (rule.Both && rule.From.Fits(to) && rule.To.Fits(from))))?.Maintenance == true;

    private static bool IsBetween(LinkRule rule, MaintenanceTarget target, IReadOnlyCollection<Member> members) =>
        rule.Both && ((IsSame(rule.From, target.Who, members) && IsSame(rule.To, target.Other, members))
            || (IsSame(rule.From, target.Other, members) && IsSame(rule.To, target.Who, members)));

    /// <summary>A node may be named by its number in the one, and by its name in the other.</summary>
    private static bool IsSame(MemberSelector one, MemberSelector other, IReadOnlyCollection<Member> members) =>
        one == other || (IsNode(one) && IsNode(other) && members.Count(one.Fits) == 1 && members.Single(one.Fits) is var member && other.Fits(member) && members.Count(other.Fits) == 1);

    private static bool IsNode(MemberSelector selector) => selector.Node.Length > 0 && selector == new MemberSelector { Node = selector.Node };

    private static string Text(MemberSelector selector) => selector.IsEverybody ? "all" : string.Join(' ', Parts(selector).Select(part => $"{part.Kind} {part.Name}"));

    private static IEnumerable<(string Kind, string Name)> Parts(MemberSelector selector)
    {
        (string Kind, string Name)[] all = [("node", selector.Node), ("region", selector.Region), ("site", selector.Site), ("operator", selector.Operator)];
        return all.Where(part => part.Name.Length > 0);
    }
}
