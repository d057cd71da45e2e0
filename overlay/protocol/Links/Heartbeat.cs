using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// The interval that this side promised its peer, and when the next datagram is due for its sake. A shorter interval is
/// announced at once; a longer one is announced several times before it is kept, as the peer may miss the news. A link
/// in use without data shows life at the node's <see cref="CommonBeat"/>; for a slower one that would come before the peer's
/// question, whose answer shows life as well.
/// </summary>
internal struct Heartbeat(MonoTime now)
{
    private Duration _kept = LinkLimits.IdleInterval;
    private int _announcements;
    private MonoTime _shownAt = now;
    private bool _isNews;
    private bool _isQuiet;

    /// <summary>What the peer is promised.</summary>
    public Duration Interval { readonly get; private set; } = LinkLimits.IdleInterval;

    /// <summary>The promise is to stand in every datagram for now.</summary>
    public readonly bool IsAnnouncing => _isNews || _announcements > 0;

    public readonly MonoTime NextAt
    {
        get
        {
            if (_isNews)
                return _shownAt;
            var latest = _shownAt + CommonBeat.Keeping(_kept);
            return _isQuiet && _kept == LinkLimits.FastInterval ? CommonBeat.NotAfter(latest) : latest;
        }
    }

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

    /// <summary>A datagram goes that is no mere answer, on a link that carried data lately or is quiet.</summary>
    public void OnSent(MonoTime now, bool isQuiet) => (_shownAt, _isQuiet) = (now, isQuiet);
}
