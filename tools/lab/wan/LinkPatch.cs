using WeCan.Contracts;

namespace WeCan.Lab.Wan;

/// <summary>The keys of one link, path or default line: what is set changes, what is null stays.</summary>
public sealed record LinkPatch
{
    public Duration? Delay { get; init; }

    public Duration? Jitter { get; init; }

    public double? Loss { get; init; }

    public double? Burst { get; init; }

    public Bandwidth? Rate { get; init; }

    public Duration? Queue { get; init; }

    public int? Share { get; init; }

    public double? Duplicate { get; init; }

    public double? Corrupt { get; init; }

    public double? Reorder { get; init; }

    public int? Mtu { get; init; }

    public bool? Down { get; init; }

    public LinkSettings ApplyTo(LinkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new()
        {
            Delay = Delay ?? settings.Delay,
            Jitter = Jitter ?? settings.Jitter,
            Loss = Loss ?? settings.Loss,
            Burst = Burst ?? settings.Burst,
            Rate = Rate ?? settings.Rate,
            Queue = Queue ?? settings.Queue,
            Share = Share ?? settings.Share,
            Duplicate = Duplicate ?? settings.Duplicate,
            Corrupt = Corrupt ?? settings.Corrupt,
            Reorder = Reorder ?? settings.Reorder,
            Mtu = Mtu ?? settings.Mtu,
            Down = Down ?? settings.Down,
        };
    }
}
