using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Policy;

/// <summary>What a policy says of some nodes. What is null or empty is not said, and stays as rules before this one said it.</summary>
internal sealed record NodeRule
{
    public MemberSelector Who { get; init; } = MemberSelector.Everybody;

    /// <summary>It carries nothing for others; it can still be reached.</summary>
    public bool? Maintenance { get; init; }

    /// <summary>When the maintenance is over: the controller that leads takes it from the rule then. Null where it lasts until somebody ends it.</summary>
    public UnixTime? Until { get; init; }

    /// <summary>What all its links together carry, in each direction.</summary>
    public Bandwidth? Capacity { get; init; }

    /// <summary>Whose traffic it carries for others.</summary>
    public IReadOnlyList<RouteClass> Classes { get; init; } = [];

    /// <summary>It carries for others what begins and ends in one of these regions, and nothing else.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    public bool SaysNothing => Maintenance is null && Capacity is null && Classes.Count == 0 && Regions.Count == 0;
}
