namespace WeCan.Contracts.Inspection;

/// <summary>The rates in bit/s by which a node's bandwidth is paid for: of the means of all five minutes of which something is known, the one that 95 % do not exceed, and the greatest.</summary>
public sealed record BillingEntry
{
    /// <summary>How many five minutes there were.</summary>
    public required long Intervals { get; init; }

    /// <summary>To within a sixtieth.</summary>
    public required long P95In { get; init; }

    public required long P95Out { get; init; }

    public required long MaxIn { get; init; }

    public required long MaxOut { get; init; }
}
