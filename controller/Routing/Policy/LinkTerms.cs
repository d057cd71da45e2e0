using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing.Policy;

/// <summary>What all rules together say of one direction of a link.</summary>
internal sealed record LinkTerms
{
    public static LinkTerms None { get; } = new();

    /// <summary>What a gigabyte costs.</summary>
    public double Price { get; init; }

    /// <summary>In kbit/s, as everything of loads.</summary>
    public int Paid { get; init; }

    /// <summary>0 where no rule says it.</summary>
    public int Capacity { get; init; }

    /// <summary>A bit for each class that may use it.</summary>
    public int Classes { get; init; } = (1 << Topology.Classes) - 1;

    public bool IsUnderMaintenance { get; init; }

    public bool Allows(RouteClass service) => (Classes & (1 << (int)service)) != 0;

    /// <summary>These with what one more rule says.</summary>
    public LinkTerms With(LinkRule rule) => this with
    {
        Price = rule.Price ?? Price,
        Paid = rule.Paid is { } paid ? Kilobits(paid.BitsPerSecond) : Paid,
        Capacity = rule.Capacity is { } capacity ? Kilobits(capacity.BitsPerSecond) : Capacity,
        Classes = rule.Classes.Count > 0 ? rule.Classes.Aggregate(0, (mask, service) => mask | (1 << (int)service)) : Classes,
        IsUnderMaintenance = rule.Maintenance ?? IsUnderMaintenance,
    };

    public static int Kilobits(long bitsPerSecond) => (int)Math.Min(bitsPerSecond / 1_000, GraphLimits.MostRate);
}
