using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>
/// One host's clock beside the simulation's true time: ahead by an offset and running fast or slow by a constant drift,
/// in whole nanoseconds throughout. It never runs backwards, and a timer set by it never fires early.
/// </summary>
public readonly record struct HostClock
{
    private const long Billion = 1_000_000_000;

    /// <summary>Some 146 years: what lies beyond is as good as never, and before it sums cannot overflow.</summary>
    private const long Horizon = 1L << 62;

    private readonly long _driftPpb;

    /// <param name="driftPpm">Millionths; within a tenth of true time.</param>
    public HostClock(Duration offset, double driftPpm = 0)
    {
        if (!(Math.Abs(driftPpm) <= 100_000))
            throw new ArgumentOutOfRangeException(nameof(driftPpm), $"A drift of {driftPpm} ppm is not within 100,000 ppm.");
        Offset = offset;
        _driftPpb = (long)Math.Round(driftPpm * 1_000);
    }

    public Duration Offset { get; }

    public double DriftPpm => _driftPpb / 1e3;

    /// <summary>What the host's clock shows at a true time.</summary>
    public MonoTime ToLocal(MonoTime time) => time.IsNever ? time : new(time.Nanoseconds + Offset.Nanoseconds + DriftAt(time.Nanoseconds));

    /// <summary>The first true time at which the host's clock shows at least <paramref name="local"/>.</summary>
    public MonoTime ToTrue(MonoTime local)
    {
        if (local.Nanoseconds >= Horizon)
            return MonoTime.Never;
        var elapsed = Math.Max(local.Nanoseconds, -Horizon) - Offset.Nanoseconds;
        var time = elapsed - (long)((double)elapsed * _driftPpb / (Billion + _driftPpb));
        while (time + DriftAt(time) < elapsed)
            time++;
        while (time - 1 + DriftAt(time - 1) >= elapsed)
            time--;
        return new(time);
    }

    /// <summary>floor(time · ppb / 10^9), taken apart so that no product overflows.</summary>
    private long DriftAt(long time)
    {
        if (_driftPpb == 0)
            return 0;
        var seconds = Math.DivRem(time, Billion, out var rest);
        if (rest < 0)
        {
            seconds--;
            rest += Billion;
        }

        var product = rest * _driftPpb;
        var floor = product >= 0 ? product / Billion : -((-product + Billion - 1) / Billion);
        return (seconds * _driftPpb) + floor;
    }
}
