namespace WeCan.Contracts.Inspection;

/// <summary>Path packets of one class that came to a node, that left it, and, among the latter, those of others that it sent on.</summary>
public sealed record ClassHistoryEntry
{
    /// <summary>"control", "realtime", "signal" or "bulk".</summary>
    public required string Class { get; init; }

    public required long PacketsIn { get; init; }

    public required long BytesIn { get; init; }

    public required long PacketsOut { get; init; }

    public required long BytesOut { get; init; }

    public required long PacketsForwarded { get; init; }

    public required long BytesForwarded { get; init; }
}
