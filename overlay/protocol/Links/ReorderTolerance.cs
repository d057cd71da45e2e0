using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// How far out of order a packet may come before it counts as lost: by number and by time, from RFC 9002's defaults up
/// to what spurious losses have shown this path to need, and back to the defaults when it has been orderly for a while.
/// </summary>
internal struct ReorderTolerance
{
    private int _distance;
    private Duration _lateness;
    private MonoTime _raisedAt;

    /// <summary>A packet is lost when one sent so many later was acknowledged.</summary>
    public readonly ulong Distance => (ulong)Math.Max(_distance, LinkLimits.ReorderThreshold);

    /// <summary>How long after a later packet's due acknowledgement one may still come.</summary>
    public readonly Duration Lateness => _lateness;

    /// <summary>A packet that had been given up was acknowledged after all.</summary>
    public void OnSpuriousLoss(MonoTime now, ulong distance, Duration age, Duration smoothedRtt)
    {
        _distance = (int)Math.Min(Math.Max(distance + 1, Distance), LinkLimits.MaxReorderThreshold);
        _lateness = Duration.Min(Duration.Max(_lateness, age - smoothedRtt), smoothedRtt);
        _raisedAt = now;
    }

    public void Relax(MonoTime now)
    {
        if (_distance != 0 && now - _raisedAt > LinkLimits.ReorderMemory)
            this = default;
    }
}
