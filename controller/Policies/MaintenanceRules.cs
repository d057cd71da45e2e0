using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Policies;

/// <summary>
/// The rules of a policy that put something into maintenance. What begins gets a rule of its own at the end, where it counts whatever
/// stands before; what ends loses those that mean just it, and rules that mean more are left to who wrote them. A rule may say when it is over,
/// whoever wrote it.
/// </summary>
internal static class MaintenanceRules
{
    /// <summary>The policy with a rule for the target, which is over at some time or when somebody ends it. Where it has one that holds, that gets another end.</summary>
    public static PolicyDocument Begin(PolicyDocument document, MaintenanceTarget target, UnixTime? until, IReadOnlyCollection<Member> members)
    {
        if (IsOn(document, target, members) && HasOwn(document, target, members))
        {
            return document with
            {
                Links = [.. document.Links.Select(rule => IsOf(rule, target, members) ? rule with { Until = until } : rule)],
                Nodes = [.. document.Nodes.Select(rule => IsOf(rule, target, members) ? rule with { Until = until } : rule)],
            };
        }

        return target.Kind == MaintenanceKind.Link
            ? document with { Links = [.. document.Links, new() { From = target.Who, To = target.Other, Both = true, Maintenance = true, Until = until }] }
            : document with { Nodes = [.. document.Nodes, new() { Who = target.Who, Maintenance = true, Until = until }] };
    }

    /// <summary>The policy without those; null where there is none.</summary>
    public static PolicyDocument? End(PolicyDocument document, MaintenanceTarget target, IReadOnlyCollection<Member> members) =>
        HasOwn(document, target, members) ? Without(document, rule => IsOf(rule, target, members), rule => IsOf(rule, target, members)) : null;

    /// <summary>The policy without what is over by now, and what that is; null where nothing is.</summary>
    public static (PolicyDocument Document, IReadOnlyList<string> Over)? Expire(PolicyDocument document, UnixTime now)
    {
        bool IsOver(bool? maintenance, UnixTime? until) => maintenance == true && until <= now;
        var over = List(document, []).Where(rule => IsOver(maintenance: true, rule.Until)).Select(rule => $"{rule.What} {rule.Name}").ToList();
        return over.Count == 0 ? null : (Without(document, rule => IsOver(rule.Maintenance, rule.Until), rule => IsOver(rule.Maintenance, rule.Until)), over);
    }

    /// <summary>When the first of what is in maintenance is over; null where nothing ends by itself.</summary>
    public static UnixTime? NextEnd(PolicyDocument document) =>
        document.Nodes.Select(rule => rule.Until).Concat(document.Links.Select(rule => rule.Until)).Where(until => until is not null).Min();

    /// <summary>Whether all of it is in maintenance, by whichever rules.</summary>
    public static bool IsOn(PolicyDocument document, MaintenanceTarget target, IReadOnlyCollection<Member> members)
    {
        var one = members.Where(target.Who.Fits).ToList();
        if (target.Kind != MaintenanceKind.Link)
            return one.Count > 0 && one.All(member => IsOn(document, member));
        return one.Count > 0 && members.Where(target.Other.Fits).All(other => one.All(own => IsOn(document, own, other) && IsOn(document, other, own)));
    }

    /// <summary>All rules that put something into maintenance, with what each means.</summary>
    public static IEnumerable<(string What, string Name, int Nodes, UnixTime? Until)> List(PolicyDocument document, IReadOnlyCollection<Member> members)
    {
        foreach (var rule in document.Nodes.Where(rule => rule.Maintenance == true))
        {
            var kinds = Parts(rule.Who).ToList();
            var (what, name) = kinds.Count == 1 ? kinds[0] : ("nodes", kinds.Count == 0 ? "all" : string.Join(' ', kinds.Select(part => $"{part.Kind} {part.Name}")));
            yield return (what, name, members.Count(rule.Who.Fits), rule.Until);
        }

        foreach (var rule in document.Links.Where(rule => rule.Maintenance == true))
        {
            var isPair = rule.Both && IsNode(rule.From) && IsNode(rule.To);
            yield return isPair
                ? ("link", $"{rule.From.Node}/{rule.To.Node}", members.Count(member => rule.From.Fits(member) || rule.To.Fits(member)), rule.Until)
                : ("links", $"from {Text(rule.From)} to {Text(rule.To)}{(rule.Both ? " and back" : "")}", members.Count(member => rule.From.Fits(member) || rule.To.Fits(member)), rule.Until);
        }
    }

    private static bool HasOwn(PolicyDocument document, MaintenanceTarget target, IReadOnlyCollection<Member> members) =>
        document.Links.Any(rule => IsOf(rule, target, members)) || document.Nodes.Any(rule => IsOf(rule, target, members));

    private static bool IsOf(LinkRule rule, MaintenanceTarget target, IReadOnlyCollection<Member> members) =>
        target.Kind == MaintenanceKind.Link && rule.Maintenance == true && IsBetween(rule, target, members);

    private static bool IsOf(NodeRule rule, MaintenanceTarget target, IReadOnlyCollection<Member> members) =>
        target.Kind != MaintenanceKind.Link && rule.Maintenance == true && IsSame(rule.Who, target.Who, members);

    /// <summary>What else a rule says stays.</summary>
    private static PolicyDocument Without(PolicyDocument document, Func<LinkRule, bool> isLink, Func<NodeRule, bool> isNode) => document with
    {
        Links = [.. document.Links.Select(rule => isLink(rule) ? rule with { Maintenance = null, Until = null } : rule).Where(rule => !rule.SaysNothing)],
        Nodes = [.. document.Nodes.Select(rule => isNode(rule) ? rule with { Maintenance = null, Until = null } : rule).Where(rule => !rule.SaysNothing)],
    };

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
