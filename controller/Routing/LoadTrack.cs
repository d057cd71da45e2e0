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
    private readonly BandwidthTrack _bandwidth;

    private LoadTrack(double smoothed, double reported, BandwidthTrack bandwidth, MonoTime at) => (_smoothed, Reported, _bandwidth, _at) = (smoothed, reported, bandwidth, at);

    /// <summary>By the last report.</summary>
    public double Reported { get; }

    /// <summary>What its sender measured that it can carry.</summary>
    public double Capacity => _bandwidth.Mean;

    /// <summary>How wrong that may be.</summary>
    public double Error => _bandwidth.Error;

    /// <summary>With what is reported next.</summary>
    public LoadTrack Take(MonoTime now, LinkReport link)
    {
        var used = link.Used.BitsPerSecond / 1e3;
        return new(_at == MonoTime.Zero ? used : UsedAt(now), used, _bandwidth.Take(link.Bandwidth.BitsPerSecond / 1e3), now);
    }

    /// <summary>It nears what was reported last, the longer nothing else is.</summary>
    public double UsedAt(MonoTime now) => Reported + ((_smoothed - Reported) * Math.Exp(-(now - _at).Seconds / ControllerLimits.LoadSmoothing.Seconds));
}
