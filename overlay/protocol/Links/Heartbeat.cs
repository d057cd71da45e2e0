using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// The interval that this side promised its peer, and when the next datagram is due for its sake. A shorter interval is
/// announced at once; a longer one is announced several times before it is kept, as the peer may miss the news.
/// </summary>
internal struct Heartbeat(MonoTime now)
{
    private Duration _kept = LinkLimits.IdleInterval;
    private int _announcements;
    private MonoTime _shownAt = now;
    private bool _isNews;

    /// <summary>What the peer is promised.</summary>
    public Duration Interval { readonly get; private set; } = LinkLimits.IdleInterval;

    /// <summary>The promise is to stand in every datagram for now.</summary>
    public readonly bool IsAnnouncing => _isNews || _announcements > 0;

    /// <summary>A little early, so that clocks and timers may err.</summary>
    public readonly MonoTime NextAt => _isNews ? _shownAt : _shownAt + (_kept - (_kept / 64));

    public void Promise(Duration interval)
    {
        if (interval == Interval)
            return;
        Interval = interval;
        _isNews = interval < _kept;
        _announcements = interval > _kept ? LinkLimits.AnnouncedSlowdowns : 0;
        _kept = Duration.Min(_kept, interval);
    }

    /// <summary>The promise stands in the datagram that is being built.</summary>
    public void OnAnnounced()
    {
        _isNews = false;
        if (_announcements > 0)
            _announcements--;
        if (_announcements == 0)
            _kept = Interval;
    }

    /// <summary>A datagram goes that is no mere answer.</summary>
    public void OnSent(MonoTime now) => _shownAt = now;
}
