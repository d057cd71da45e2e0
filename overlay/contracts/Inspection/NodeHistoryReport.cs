namespace WeCan.Contracts.Inspection;

/// <summary>What passed through a node, by its own word. Times of which nothing is known have no entry.</summary>
public sealed record NodeHistoryReport
{
    public required int Node { get; init; }

    public required string Name { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>How long each entry's time is.</summary>
    public required long ResolutionSeconds { get; init; }

    public required IReadOnlyList<NodeHistoryEntry> Entries { get; init; }

    /// <summary>All of it together; null where nothing is known.</summary>
    public NodeHistoryEntry? Total { get; init; }

    /// <summary>Null where no five minutes are over.</summary>
    public BillingEntry? Billing { get; init; }
}
