using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using WeCan.Contracts.Control;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Policies;

/// <summary>
/// What an operator puts into maintenance: some nodes, or the link between two. A node is named as people name it, unless its name is
/// another's too.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Who">The nodes; of a link the one end.</param>
/// <param name="Other">The other end of a link; everybody else.</param>
internal sealed record MaintenanceTarget(MaintenanceKind Kind, MemberSelector Who, MemberSelector Other)
{
    private const char Between = '/';

    /// <summary>"node relay-a", "link relay-a/relay-b".</summary>
    public override string ToString() => Kind == MaintenanceKind.Link
        ? $"link {Who.Node}{Between}{Other.Node}"
        : $"{Word(Kind)} {Who.Node}{Who.Region}{Who.Site}{Who.Operator}";

    public static string Word(MaintenanceKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>Where it is wrong, the problem is a sentence.</summary>
    public static bool TryRead(string what, string name, IReadOnlyCollection<Member> members, [NotNullWhen(true)] out MaintenanceTarget? target, out string problem)
    {
        (target, problem) = (null, "");
        switch (what)
        {
            case "node" when Node(name, members) is { } node:
                target = new(MaintenanceKind.Node, node, MemberSelector.Everybody);
                break;
            case "link" when name.Split(Between) is [var one, var other] && one != other:
                if (Node(one, members) is { } from && Node(other, members) is { } to && from != to)
                    target = new(MaintenanceKind.Link, from, to);
                break;
            case "link":
                problem = $"\"{name}\" is no link: write its two nodes, as relay-a/relay-b.";
                return false;
            case "region":
                target = Of(MaintenanceKind.Region, new() { Region = name }, members);
                break;
            case "site":
                target = Of(MaintenanceKind.Site, new() { Site = name }, members);
                break;
            case "operator":
                target = Of(MaintenanceKind.Operator, new() { Operator = name }, members);
                break;
            case "node":
                break;
            default:
                problem = $"\"{what}\" cannot be in maintenance: write node, link, region, site or operator.";
                return false;
        }

        if (target is null)
            problem = what is "node" or "link" ? $"There is no such {what} \"{name}\": \"wecan nodes\" shows the nodes." : $"No node is of the {what} \"{name}\": \"wecan nodes\" shows them.";
        return target is not null;
    }

    private static MaintenanceTarget? Of(MaintenanceKind kind, MemberSelector who, IReadOnlyCollection<Member> members) =>
        !who.IsEverybody && members.Any(who.Fits) ? new(kind, who, MemberSelector.Everybody) : null;

    private static MemberSelector? Node(string text, IReadOnlyCollection<Member> members)
    {
        var member = members.FirstOrDefault(member => member.Name == text && text.Length > 0) ?? members.FirstOrDefault(member => NumberOf(member) == text);
        if (member is null)
            return null;
        var named = new MemberSelector { Node = member.Name };
        return member.Name.Length > 0 && members.Count(named.Fits) == 1 ? named : new() { Node = NumberOf(member) };
    }

    private static string NumberOf(Member member) => member.Number.Value.ToString(CultureInfo.InvariantCulture);
}
