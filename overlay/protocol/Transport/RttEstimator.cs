using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The round trip from edge to edge, smoothed as RFC 6298 says. Fed only with segments that were sent once, so that no
/// sample is ambiguous.
/// </summary>
internal struct RttEstimator
{
    private Duration _smoothed;
    private Duration _variation;

    public readonly bool HasSample => _smoothed > Duration.Zero;

    /// <summary>The smoothed round trip; before the first sample what the initial timeout assumes.</summary>
    public readonly Duration Smoothed => HasSample ? _smoothed : TransportLimits.InitialTimeout;

    /// <summary>When a segment that nothing was heard of is sent again.</summary>
    public readonly Duration Timeout => HasSample
        ? Clamp(_smoothed + Duration.Max(_variation * 4, TransportLimits.RepairAllowance) + TransportLimits.ConfirmDelay)
        : TransportLimits.InitialTimeout;

    /// <summary>
    /// How old a hole below received segments must be to count as lost. Hops repair by themselves: a segment that a hop lost
    /// comes one round trip of that hop later, which is at most one of the whole path, and is confirmed after that.
    /// </summary>
    public readonly Duration HoleAge =>
        (Smoothed * 2) + (Smoothed / 4) + Duration.Max(_variation * 2, TransportLimits.RepairAllowance);

    /// <summary>As <see cref="HoleAge"/>, of a hole that was repaired so often: longer each time, but never so long as to outlast the timeout of a silence.</summary>
    public static Duration HoleAgeAfter(Duration age, int repairs) =>
        Duration.Min(age * (1L << Math.Min(repairs, 2)), TransportLimits.MaxTimeout);

    public void Add(Duration sample)
    {
        sample = Duration.Max(sample, Duration.FromMicroseconds(1));
        if (!HasSample)
        {
            _smoothed = sample;
            _variation = sample / 2;
            return;
        }

        var error = sample - _smoothed;
        _variation += (Duration.Max(error, -error) - _variation) / 4;
        _smoothed += error / 8;
    }

    public readonly Duration BackedOff(int times) =>
        Duration.Min(Timeout * (1L << Math.Min(times, 10)), Duration.Max(TransportLimits.MaxTimeout, Timeout));

    private static Duration Clamp(Duration timeout) =>
        Duration.Min(Duration.Max(timeout, TransportLimits.MinTimeout), TransportLimits.MaxTimeout);
}
