using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>Round-trip time as RFC 9002 smooths it, its minimum over a sliding time, and jitter as RFC 3550 defines it.</summary>
internal struct RttEstimator
{
    private static readonly Duration MinWindow = Duration.FromSeconds(10);

    private MonoTime _minAt;
    private Duration _nextMin;

    public Duration Latest { get; private set; }

    public Duration Smoothed { readonly get; private set; }

    public Duration Variation { get; private set; }

    public Duration Min { readonly get; private set; }

    public Duration Jitter { readonly get; private set; }

    public readonly bool HasSample => Smoothed > Duration.Zero;

    public readonly Duration SmoothedOrInitial => HasSample ? Smoothed : LinkLimits.InitialRtt;

    /// <summary>How long an acknowledgement may reasonably take.</summary>
    public readonly Duration ProbeTimeout => HasSample
        ? Smoothed + Duration.Max(Variation * 4, LinkLimits.Granularity) + LinkLimits.AckDelay
        : LinkLimits.InitialRtt * 2;

    /// <summary>How much later than its successors a packet may be before time alone makes it lost.</summary>
    public readonly Duration LossDelay => HasSample
        ? Duration.Max(Duration.Max(Smoothed, Latest) * 9 / 8, LinkLimits.Granularity)
        : LinkLimits.InitialRtt;

    public void AddSample(MonoTime now, Duration rtt, Duration ackDelay)
    {
        rtt = Duration.Max(rtt, new(1));
        Latest = rtt;
        if (!HasSample)
        {
            Smoothed = rtt;
            Variation = rtt / 2;
            Min = rtt;
            _nextMin = rtt;
            _minAt = now;
            return;
        }

        UpdateMin(now, rtt);
        var adjusted = rtt - ackDelay >= Min ? rtt - ackDelay : rtt;
        var difference = adjusted > Smoothed ? adjusted - Smoothed : Smoothed - adjusted;
        Variation = ((Variation * 3) + difference) / 4;
        Smoothed = ((Smoothed * 7) + adjusted) / 8;
    }

    /// <summary>How differently two packets were spaced at receipt and at sending.</summary>
    public void AddSpacing(Duration sent, Duration received)
    {
        var difference = received > sent ? received - sent : sent - received;
        Jitter = new(Jitter.Nanoseconds + ((difference.Nanoseconds - Jitter.Nanoseconds) / 16));
    }

    private void UpdateMin(MonoTime now, Duration rtt)
    {
        _nextMin = Duration.Min(_nextMin, rtt);
        if (rtt <= Min)
        {
            Min = rtt;
            _minAt = now;
            _nextMin = rtt;
        }
        else if (now - _minAt > MinWindow)
        {
            Min = _nextMin;
            _nextMin = rtt;
            _minAt = now;
        }
    }
}
