namespace WeCan.Contracts.Inspection;

/// <summary>A link as one of its ends reports it. Shares are 0 to 1, rates in bit/s.</summary>
public sealed record LinkEntry
{
    public required int From { get; init; }

    public required string FromName { get; init; }

    public required int To { get; init; }

    public required string ToName { get; init; }

    /// <summary>"good"; "waiting", where an end does not rely on it yet; or "denied", where the other end says that there is none.</summary>
    public required string State { get; init; }

    public required double RttMs { get; init; }

    public required double MinRttMs { get; init; }

    public required double JitterMs { get; init; }

    public required double LossTo { get; init; }

    public required double LossFrom { get; init; }

    /// <summary>How many datagrams are lost in a row, on average.</summary>
    public required double BurstTo { get; init; }

    public required double BurstFrom { get; init; }

    /// <summary>What it was seen to carry; 0 where that is not known.</summary>
    public required long Bandwidth { get; init; }

    /// <summary>What is sent over it.</summary>
    public required long Used { get; init; }
}
