using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing;

/// <summary>
/// What one direction of a link carries and could carry, from one report after another: smoothed, as reports shake; in kbit/s.
/// </summary>
internal readonly record struct LoadTrack
{
    private readonly double _smoothed;
    private readonly MonoTime _at;

    private LoadTrack(double smoothed, double reported, double capacity, MonoTime at) => (_smoothed, Reported, Capacity, _at) = (smoothed, reported, capacity, at);

    /// <summary>By the last report.</summary>
    public double Reported { get; }

    /// <summary>What its sender measured that it can carry.</summary>
    public double Capacity { get; }

    /// <summary>With what is reported next.</summary>
    public LoadTrack Take(MonoTime now, LinkReport link)
    {
        var (used, bandwidth) = (link.Used.BitsPerSecond / 1e3, link.Bandwidth.BitsPerSecond / 1e3);
        var capacity = Capacity == 0 ? bandwidth : Capacity + ((bandwidth - Capacity) * ControllerLimits.CapacityWeight);
        return new(_at == MonoTime.Zero ? used : UsedAt(now), used, capacity, now);
    }

    /// <summary>It nears what was reported last, the longer nothing else is.</summary>
    public double UsedAt(MonoTime now) => Reported + ((_smoothed - Reported) * Math.Exp(-(now - _at).Seconds / ControllerLimits.LoadSmoothing.Seconds));
}
