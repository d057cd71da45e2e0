using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// What this node knows of the peer's link clock: the smallest difference between a receipt and the sender's TIME over
/// the last two windows, in µs modulo 2^32, so that clocks hours apart and drifting are no matter.
/// </summary>
internal struct ClockOffset
{
    private uint _best;
    private uint _bestBefore;
    private MonoTime _windowStart;
    private bool _hasBest;
    private bool _hasBefore;

    public readonly bool IsKnown => _hasBest;

    public static uint ToWire(MonoTime time) => (uint)time.Microseconds;

    public void Add(MonoTime now, uint sentMicroseconds)
    {
        var difference = ToWire(now) - sentMicroseconds;
        if (_hasBest && now - _windowStart > LinkLimits.OffsetWindow)
        {
            _bestBefore = _best;
            _hasBefore = true;
            _hasBest = false;
        }

        if (!_hasBest)
        {
            _best = difference;
            _windowStart = now;
            _hasBest = true;
        }
        else if ((int)(difference - _best) < 0)
        {
            _best = difference;
        }
    }

    /// <summary>
    /// A deadline in the sender's clock as a time of this node; right to within half the smallest RTT. A peer whose
    /// clock is not known yet gets the benefit of the doubt: <paramref name="otherwise"/>.
    /// </summary>
    public readonly MonoTime ToLocal(uint deadline, MonoTime now, Duration minRtt, MonoTime otherwise)
    {
        if (!_hasBest)
            return otherwise;
        var smallest = _hasBefore && (int)(_bestBefore - _best) < 0 ? _bestBefore : _best;
        var offset = smallest - (uint)(minRtt.Microseconds / 2);
        var untilDeadline = (int)(deadline + offset - ToWire(now));
        return now + Duration.FromMicroseconds(untilDeadline);
    }
}
