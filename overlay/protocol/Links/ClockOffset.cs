using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// What this node knows of the peer's link clock: two bounds between which their difference, this clock less the peer's, must
/// lie. A datagram took some time: so the difference is no more than its receipt less its TIME. A datagram that ends a
/// round trip took no longer than that: so the difference is no less than the same, less the round trip. Each bound keeps
/// the best that was seen, and loses worth as fast as two clocks may drift apart. What waited in a queue, or came over
/// another path, can only be a worse sample, never a wrong one; so neither a change of path nor a full queue makes the
/// estimate worse. The estimate is the middle of the two as they were seen. All in µs modulo 2^32, so that clocks hours
/// apart are no matter.
/// </summary>
internal struct ClockOffset
{
    /// <summary>Three times are rounded to whole µs for one sample.</summary>
    private const uint Rounding = 2;

    private Bound _most;
    private Bound _least;
    private uint _roundTrip;
    private bool _hasMost;
    private bool _hasLeast;

    /// <summary>Whether there is an estimate; before a first round trip there is none.</summary>
    public readonly bool IsKnown => _hasMost && _hasLeast;

    public static uint ToWire(MonoTime time) => (uint)time.Microseconds;

    /// <summary>A datagram of the peer's that was sent then, by its clock, has come.</summary>
    public void OnTime(MonoTime now, uint sentMicroseconds)
    {
        var most = ToWire(now) - sentMicroseconds + Rounding;
        if (_hasMost && (int)(most - _most.At(now, LinkLimits.ClockDrift)) >= 0)
            return;
        _most = new(most, now);
        _hasMost = true;
        if (_hasLeast && (int)(most - _least.At(now, -LinkLimits.ClockDrift)) < 0)
            _least = new(most - _roundTrip, now);
    }

    /// <summary>A datagram of the peer's that was sent then has come, and with it an answer to something sent no longer ago than that.</summary>
    public void OnRoundTrip(MonoTime now, uint sentMicroseconds, Duration roundTrip)
    {
        OnTime(now, sentMicroseconds);
        var most = ToWire(now) - sentMicroseconds + Rounding;
        var width = (uint)Math.Clamp(roundTrip.Microseconds, 0, int.MaxValue / 2) + (2 * Rounding);
        if (_hasLeast && (int)(most - width - _least.At(now, -LinkLimits.ClockDrift)) <= 0)
            return;
        _least = new(most - width, now);
        _roundTrip = width;
        _hasLeast = true;
        if ((int)(_least.Difference - _most.At(now, LinkLimits.ClockDrift)) > 0)
            _most = new(most, now);
    }

    /// <summary>How much the estimate may be wrong.</summary>
    public readonly Duration Error(MonoTime now)
    {
        var (most, least, middle) = Estimate(now);
        return Duration.FromMicroseconds(Math.Max(most - middle, middle - least));
    }

    /// <summary>
    /// A deadline in the sender's clock as a time of this node. A peer whose clock is not known yet gets the benefit of the
    /// doubt: <paramref name="otherwise"/>.
    /// </summary>
    public readonly MonoTime ToLocal(uint deadline, MonoTime now, MonoTime otherwise)
    {
        if (!IsKnown)
            return otherwise;
        return now + Duration.FromMicroseconds((int)(deadline + _least.Difference - ToWire(now)) + Estimate(now).Middle);
    }

    /// <summary>The bounds as they stand now and the middle between them, all counted from the lower one as it was seen.</summary>
    private readonly (int Most, int Least, int Middle) Estimate(MonoTime now)
    {
        var least = Math.Min(0, (int)(_least.At(now, -LinkLimits.ClockDrift) - _least.Difference));
        var most = Math.Max(least, (int)(_most.At(now, LinkLimits.ClockDrift) - _least.Difference));
        return (most, least, Math.Clamp((int)(_most.Difference - _least.Difference) / 2, least, most));
    }

    private readonly record struct Bound(uint Difference, MonoTime SetAt)
    {
        private static readonly Duration LongestAge = Duration.FromSeconds(1_000);

        /// <summary>Where the bound stands now, so many parts in a million having been lost since it was set.</summary>
        public uint At(MonoTime now, long drift) =>
            Difference + (uint)(int)(Duration.Min(now - SetAt, LongestAge).Microseconds * drift / 1_000_000);
    }
}
