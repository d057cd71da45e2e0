namespace WeCan.Contracts.Inspection;

/// <summary>How one direction of a link was, by the word of the node that it leads away from. Times of which nothing is known have no entry.</summary>
public sealed record LinkHistoryReport
{
    public required int From { get; init; }

    public required string FromName { get; init; }

    public required int To { get; init; }

    public required string ToName { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>How long each entry's time is.</summary>
    public required long ResolutionSeconds { get; init; }

    public required IReadOnlyList<LinkHistoryEntry> Entries { get; init; }

    /// <summary>All of it together; null where nothing is known.</summary>
    public LinkHistoryEntry? Total { get; init; }
}
