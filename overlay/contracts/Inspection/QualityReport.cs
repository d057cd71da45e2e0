namespace WeCan.Contracts.Inspection;

/// <summary>How Realtime packets came: of the whole network, with the pairs that are worst off, or of one pair. Times without any have no entry.</summary>
public sealed record QualityReport
{
    /// <summary>The pair that was asked for; null for the network.</summary>
    public NodeName? From { get; init; }

    public NodeName? To { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset Until { get; init; }

    /// <summary>How long each entry's time is.</summary>
    public required long ResolutionSeconds { get; init; }

    public required IReadOnlyList<QualityEntry> Entries { get; init; }

    /// <summary>All of it together; null where nothing is known.</summary>
    public QualityEntry? Total { get; init; }

    /// <summary>Pairs of which something is known; 0 where one pair was asked for.</summary>
    public required int Pairs { get; init; }

    /// <summary>Those with the least share in time end to end; pairs with fewer than 50 packets come last.</summary>
    public required IReadOnlyList<PairQuality> Worst { get; init; }
}
