using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>
/// What one direction of a link does to packets: an immutable value that a <see cref="LinkModel"/> follows and a
/// <see cref="LinkPatch"/> changes. Shares are from 0 to 1, unlike the scenario language, which writes per cent.
/// </summary>
public sealed record LinkSettings
{
    /// <summary>A link without a fault: what a pair is that no scenario line reaches.</summary>
    public static readonly LinkSettings Perfect = new();

    public Duration Delay { get; init; }

    /// <summary>Normal deviation of what is added to the delay; only its absolute value counts.</summary>
    public Duration Jitter { get; init; }

    public double Loss { get; init; }

    /// <summary>Mean length of a loss burst in packets; up to 1, losses are independent. <see cref="Loss"/> stays the average.</summary>
    public double Burst { get; init; }

    /// <summary>Zero is no limit.</summary>
    public Bandwidth Rate { get; init; }

    /// <summary>How much waiting time the sender's queue holds at <see cref="Rate"/>.</summary>
    public Duration Queue { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>Links of one number wait in one queue for one wire, each at its own rate; 0 is a wire of its own.</summary>
    public int Share { get; init; }

    public double Duplicate { get; init; }

    public double Corrupt { get; init; }

    public double Reorder { get; init; }

    /// <summary>Largest IP packet in bytes; larger ones vanish without a word. 0: the network's own mtu alone counts.</summary>
    public int Mtu { get; init; }

    public bool Down { get; init; }

    internal void ThrowIfInvalid()
    {
        ThrowIfNoShare(Loss, nameof(Loss));
        ThrowIfNoShare(Duplicate, nameof(Duplicate));
        ThrowIfNoShare(Corrupt, nameof(Corrupt));
        ThrowIfNoShare(Reorder, nameof(Reorder));
        if (Delay < Duration.Zero || Jitter < Duration.Zero || Queue < Duration.Zero || Rate < Bandwidth.Zero || !(Burst >= 0))
            throw new ArgumentException("A link's delay, jitter, queue, rate and burst are 0 or more.");
        if (Share is < 0 or > WanLimits.MaxShare)
            throw new ArgumentException($"A link's share of {Share} is outside 0 to {WanLimits.MaxShare}.");
        if (Mtu != 0 && Mtu is < WanLimits.MinMtu or > WanLimits.MaxMtu)
            throw new ArgumentException($"A link's mtu of {Mtu} bytes is outside {WanLimits.MinMtu} to {WanLimits.MaxMtu}; 0 is no mtu of its own.");
    }

    private static void ThrowIfNoShare(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
            throw new ArgumentException($"{name} is {value}; it is a share from 0 to 1, so 5 % is 0.05.");
    }
}
