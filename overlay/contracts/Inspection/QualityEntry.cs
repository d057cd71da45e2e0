namespace WeCan.Contracts.Inspection;

/// <summary>How Realtime packets came in some time. Shares are of what the destination counts: the origin's counts are about slightly other moments.</summary>
public sealed record QualityEntry
{
    /// <summary>When the time began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Packets that applications gave to the edge where they begin.</summary>
    public required long Offered { get; init; }

    /// <summary>Those of them that the edge sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Those that came to the other edge before their deadline.</summary>
    public required long InTime { get; init; }

    public required long Late { get; init; }

    /// <summary>Those that applications there took before it.</summary>
    public required long Delivered { get; init; }

    /// <summary>Packets that the destination knows to have been offered, by the numbers of those that came: those that were lost between two that came are among them.</summary>
    public required long Expected { get; init; }

    /// <summary>The share of <see cref="Expected"/>, less what the origin let go of, that came in time, 0 to 1; null where nothing came.</summary>
    public double? NetworkShare { get; init; }

    /// <summary>The share of <see cref="Expected"/> that applications got in time, 0 to 1; null where nothing came.</summary>
    public double? EndToEndShare { get; init; }

    /// <summary>From the sending to the arrival, as far as it was heard of; null where it was not.</summary>
    public double? DelayP50Ms { get; init; }

    public double? DelayP95Ms { get; init; }

    public double? DelayMaxMs { get; init; }

    /// <summary>What the chosen way takes by its links, the mean over packets sent; null where there was no direct link to compare with.</summary>
    public double? WayMs { get; init; }

    /// <summary>What the direct link takes.</summary>
    public double? DirectMs { get; init; }

    /// <summary>What the way saves: <see cref="DirectMs"/> less <see cref="WayMs"/>.</summary>
    public double? GainMs { get; init; }

    /// <summary>The share that the direct link loses, 0 to 1, without any repair.</summary>
    public double? DirectLoss { get; init; }
}
