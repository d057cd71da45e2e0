using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Policy;

/// <summary>
/// What a policy says of some directions of links: those from a node that the one selector fits to one that the other fits. What is null is
/// not said, and stays as rules before this one said it.
/// </summary>
internal sealed record LinkRule
{
    public MemberSelector From { get; init; } = MemberSelector.Everybody;

    public MemberSelector To { get; init; } = MemberSelector.Everybody;

    /// <summary>The opposite directions too.</summary>
    public bool Both { get; init; }

    /// <summary>What a gigabyte costs.</summary>
    public double? Price { get; init; }

    /// <summary>What is paid for already: up to there the price does not count.</summary>
    public Bandwidth? Paid { get; init; }

    /// <summary>What it carries, where that is known better than it can be measured.</summary>
    public Bandwidth? Capacity { get; init; }

    /// <summary>Whose traffic may go over it; empty where nothing is said.</summary>
    public IReadOnlyList<RouteClass> Classes { get; init; } = [];

    /// <summary>Nothing goes over it while there is another way.</summary>
    public bool? Maintenance { get; init; }

    /// <summary>When the maintenance is over; null where it lasts until somebody ends it.</summary>
    public UnixTime? Until { get; init; }

    public bool SaysNothing => Price is null && Paid is null && Capacity is null && Classes.Count == 0 && Maintenance is null;
}
