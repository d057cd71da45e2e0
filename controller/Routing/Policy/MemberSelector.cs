using System.Globalization;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Routing.Policy;

/// <summary>Which nodes a rule means: those that fit all that it names; every node where it names nothing.</summary>
internal sealed record MemberSelector
{
    public static MemberSelector Everybody { get; } = new();

    /// <summary>A node by its name or its number.</summary>
    public string Node { get; init; } = "";

    public string Region { get; init; } = "";

    public string Site { get; init; } = "";

    public string Operator { get; init; } = "";

    public bool IsEverybody => this == Everybody;

    public bool Fits(Member member) =>
        (Node.Length == 0 || Node == member.Name || Node == member.Number.Value.ToString(CultureInfo.InvariantCulture))
        && (Region.Length == 0 || Region == member.Region)
        && (Site.Length == 0 || Site == member.Site)
        && (Operator.Length == 0 || Operator == member.Operator);
}
