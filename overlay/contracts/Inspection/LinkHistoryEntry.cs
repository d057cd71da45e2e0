namespace WeCan.Contracts.Inspection;

/// <summary>How one direction of a link was for some time. What was measured counts for as long as it was the node's last word, while the link could be relied on.</summary>
public sealed record LinkHistoryEntry
{
    /// <summary>When the time began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>For so long the node that the link leads away from told how it was.</summary>
    public required double KnownSeconds { get; init; }

    /// <summary>The share of that in which the link could be relied on, 0 to 1.</summary>
    public required double Up { get; init; }

    /// <summary>Half of the time the round trip took no longer; to within a sixtieth, as the next.</summary>
    public required double RttP50Ms { get; init; }

    public required double RttP95Ms { get; init; }

    public required double RttMaxMs { get; init; }

    /// <summary>The mean.</summary>
    public required double JitterMs { get; init; }

    public required double JitterMaxMs { get; init; }

    /// <summary>The share of datagrams lost on the way to the peer, 0 to 1, the mean.</summary>
    public required double Loss { get; init; }

    public required double LossMax { get; init; }

    /// <summary>What was sent over it, in bit/s, the mean.</summary>
    public required long Used { get; init; }

    public required long UsedMax { get; init; }

    /// <summary>What it was seen to carry, in bit/s, the mean; 0 where that is not known.</summary>
    public required long Bandwidth { get; init; }
}
