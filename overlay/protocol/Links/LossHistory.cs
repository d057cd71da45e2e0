using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// What the gaps in the peer's packet numbers tell of the way from it to here: how much is lost, and how much at a time.
/// A number is judged when a few later ones have come; one that arrives later still is taken back. Old packets fade, but
/// never so far that a quiet link knows nothing. Invariant: what is called cautious is on the bad side of what was
/// measured, by more the fewer packets were seen, so that a young link is slow to call a silence death.
/// </summary>
internal struct LossHistory
{
    private const ulong JudgedBehind = 8;

    /// <summary>Beside few packets, what a bad path would have shown: one of so many lost.</summary>
    private const double Doubt = 4;

    /// <summary>Of a path so little known that it may be bursty, though no burst was seen.</summary>
    private const double DoubtfulStay = 0.4;
    private const double DoubtfulPackets = 300;

    private static readonly Duration FadeEvery = Duration.FromSeconds(60);
    private static readonly Duration FadeRecentEvery = Duration.FromSeconds(2);

    private double _packets;
    private double _lost;
    private double _stayed;
    private double _recentPackets;
    private double _recentLost;
    private MonoTime _fadeAt;
    private MonoTime _fadeRecentAt;
    private ulong _judged;
    private ulong _excused;
    private bool _lastWasLost;

    /// <summary>The share of packets lost lately; 0 before any came.</summary>
    public readonly double Loss =>
        _recentPackets >= 32 ? _recentLost / _recentPackets : _packets > 0 ? _lost / _packets : 0;

    /// <summary>How many packets were lost in a row, on average; at least 1.</summary>
    public readonly double Burst => _lost > _stayed ? _lost / (_lost - _stayed) : 1;

    /// <summary>The path as bad as it may well be.</summary>
    public readonly LossModel Cautious
    {
        get
        {
            var seen = _packets + Doubt;
            var share = (_lost + 1) / seen;
            share += 2 * Math.Sqrt(share * (1 - share) * Burst / seen);
            if (_recentPackets >= 16)
                share = Math.Max(share, _recentLost / _recentPackets);
            share = Math.Min(share, 0.9);
            var stay = (_stayed + (3 * share)) / (_lost + 3);
            if (_stayed >= 0.5)
                stay += 1.5 * Math.Sqrt(stay * Math.Max(0, 1 - stay) / (_lost + 3));
            var doubt = 1 / (1 + (_packets / DoubtfulPackets * (_packets / DoubtfulPackets)));
            stay = (doubt * DoubtfulStay) + ((1 - doubt) * stay);
            return new(share, Math.Clamp(stay, share, 0.95));
        }
    }

    /// <summary>A packet has been recorded in the window: judges those that are far enough behind it.</summary>
    public void Judge(MonoTime now, in ReceiveWindow window)
    {
        Fade(now);
        var end = window.Next > JudgedBehind ? window.Next - JudgedBehind : 0;
        if (end > _judged + Wire.WireLimits.ReplayWindow / 2)
            _judged = end - (Wire.WireLimits.ReplayWindow / 2);
        for (; _judged < end; _judged++)
        {
            var lost = window.IsNew(_judged);
            if (!lost || _judged != _excused)
                Count(lost);
        }
    }

    /// <summary>If this packet does not come, it was too large for the path, or may have been.</summary>
    public void Excuse(ulong number) => _excused = number;

    /// <summary>A packet has come after all that was, if it was judged, counted as lost.</summary>
    public void OnLate(ulong number)
    {
        if (number >= _judged)
            return;
        _lost = Math.Max(0, _lost - 1);
        _stayed = Math.Min(_stayed, _lost);
        _recentLost = Math.Max(0, _recentLost - 1);
    }

    private void Count(bool lost)
    {
        _packets++;
        _recentPackets++;
        if (lost)
        {
            _lost++;
            _recentLost++;
            _stayed += _lastWasLost ? 1 : 0;
        }

        _lastWasLost = lost;
    }

    private void Fade(MonoTime now)
    {
        if (now >= _fadeRecentAt)
        {
            _fadeRecentAt = now + FadeRecentEvery;
            if (_recentPackets > 32)
                (_recentPackets, _recentLost) = (_recentPackets / 2, _recentLost / 2);
        }

        if (now < _fadeAt)
            return;
        _fadeAt = now + FadeEvery;
        if (_packets > 512)
            (_packets, _lost, _stayed) = (_packets * 0.7, _lost * 0.7, _stayed * 0.7);
    }
}
