namespace WeCan.Contracts.Inspection;

/// <summary>One way between two nodes, with what it takes now and why it stands where it does.</summary>
public sealed record WayEntry
{
    /// <summary>0 is taken first; null for a way that was not chosen.</summary>
    public int? Rank { get; init; }

    /// <summary>The relays to pass; none for the direct link.</summary>
    public required IReadOnlyList<NodeName> Relays { get; init; }

    /// <summary>What it costs the class, for Signal the time that a packet is expected to need; null where it cannot be used now.</summary>
    public double? CostMs { get; init; }

    public required IReadOnlyList<HopEntry> Hops { get; init; }

    /// <summary>Why it has its rank, or was not chosen, as a sentence.</summary>
    public required string Why { get; init; }
}
