using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// The listening half of a link's liveness: notices that the peer is silent, asks it for answers, and says when the
/// silence is death. It counts what should have come if the peer lived: one datagram for each interval that it promised,
/// and one for each question whose answer has had its time. Only those: a peer that hears nothing itself also speaks up,
/// but a living one need not have noticed. So a failure of either direction shows, and a long round trip delays the answers
/// but not the promised datagrams. A peer, or this node, that was late before is given as much time again; while this
/// node itself did not run, nothing counts. Invariant: the link is not dead before the shortest silence, nor before
/// chance would explain the silence less than once in 10^9, unless questions went unanswered for the whole patience.
/// </summary>
internal sealed class SilenceJudge(Duration shortestSilence, MonoTime now)
{
    /// <summary>Chance explains a silence no more when it would do so less often than this.</summary>
    public const double DeadBelow = 1e-9;
    private const int MaxPending = 32;

    private readonly Duration _gap = Duration.Max(LinkLimits.ProbeGap, shortestSilence / 50);
    private SilenceChance _chance;
    private MonoTime _silentSince = now;
    private Duration _promise = LinkLimits.IdleInterval;
    private MonoTime _dueAt = now + LinkLimits.IdleInterval;
    private Duration _lateness;
    private MonoTime _forgiveAt;
    private MonoTime _probingSince = MonoTime.Never;
    private MonoTime _probeAt;
    private int _polite;
    private MonoTime[]? _asked;
    private int _firstAsked;
    private int _askedCount;
    private MonoTime _checkAt = MonoTime.Never;

    /// <summary>When the peer was last heard.</summary>
    public MonoTime HeardAt { get; private set; } = now;

    /// <summary>How much longer than promised the peer's datagrams may take, by what was seen.</summary>
    public Duration Lateness => _lateness;

    /// <summary>The peer is silent, and is asked for answers.</summary>
    public bool IsProbing => !_probingSince.IsNever;

    public bool OwesProbe(MonoTime now) => IsProbing && _probeAt <= now;

    /// <summary>An authentic datagram came. If it followed the one before without a gap, its delay tells how late the peer can be.</summary>
    public void OnHeard(MonoTime now, bool gapless)
    {
        Relax(now);
        if (gapless)
            _lateness = Duration.Min(LinkLimits.MaxLateness, Duration.Max(_lateness, now - _silentSince - _promise));
        (_silentSince, HeardAt) = (now, now);
        _dueAt = now + _promise + Slack;
        _probingSince = MonoTime.Never;
        _checkAt = MonoTime.Never;
        _askedCount = 0;
        _chance.Reset();
    }

    /// <summary>The newest datagram, just heard, promises this interval.</summary>
    public void OnPromise(MonoTime now, Duration promise)
    {
        _promise = promise;
        _dueAt = now + promise + Slack;
    }

    public void OnProbeSent(MonoTime now, in PathView path)
    {
        _asked ??= new MonoTime[MaxPending];
        if (_askedCount < MaxPending)
            _asked[(_firstAsked + _askedCount++) % MaxPending] = now;
        var gap = Duration.Max(_gap, path.AnswerTime / (MaxPending - 2));
        _probeAt = now + (_polite-- > 0 && !path.IsUrgent ? Duration.Max(gap, path.AnswerTime) : gap);
    }

    /// <summary>Counts what has not come by now. True when the link is dead.</summary>
    public bool HandleTimeout(MonoTime now, in PathView path, in LossHistory from)
    {
        DiscountOwnPause(now);
        while (_dueAt <= now)
        {
            _chance.MissPromised(from.Cautious, path.To);
            _dueAt += _promise;
        }

        while (_askedCount > 0 && AnswerDueAt(path) <= now)
        {
            _chance.MissAnswer(from.Cautious, path.To);
            _firstAsked = (_firstAsked + 1) % MaxPending;
            _askedCount--;
        }

        if (!IsProbing && (_chance.Missing > 0 || path.OverdueAt <= now))
        {
            _probingSince = _probeAt = now;
            _polite = LinkLimits.PoliteProbes;
        }

        return DeadAt(path) <= now;
    }

    /// <summary>With a probe that stands in line, when something else is to be looked at.</summary>
    public MonoTime NextTimeout(in PathView path, bool hasProbeInLine = false)
    {
        var next = MonoTime.Min(_dueAt, !IsProbing ? path.OverdueAt : hasProbeInLine ? MonoTime.Never : _probeAt);
        if (_askedCount > 0)
            next = MonoTime.Min(next, AnswerDueAt(path));
        return _checkAt = MonoTime.Min(next, DeadAt(path));
    }

    /// <summary>Gives back what only a silence needs.</summary>
    public void Trim()
    {
        if (_askedCount == 0)
            _asked = null;
    }

    private Duration Slack => LinkLimits.SilenceSlack + _lateness;

    private MonoTime AnswerDueAt(in PathView path) => _asked![_firstAsked] + path.AnswerTime + Slack;

    private MonoTime DeadAt(in PathView path)
    {
        var at = MonoTime.Never;
        if (IsProbing)
            at = _probingSince + LinkLimits.DeadAfter + (path.AnswerTime * 2);
        if (_chance.Missing > 0 && _chance.Value < DeadBelow)
            at = MonoTime.Min(at, _silentSince + shortestSilence + _lateness);
        return at;
    }

    /// <summary>This node woke later than it asked for, so what came meanwhile may still lie unread: the pause is taken out.</summary>
    private void DiscountOwnPause(MonoTime now)
    {
        var pause = _checkAt.IsNever ? Duration.Zero : now - _checkAt;
        if (pause <= LinkLimits.OwnPause)
            return;
        pause += LinkLimits.SilenceSlack;
        _checkAt = MonoTime.Never;
        _silentSince += pause;
        _dueAt += pause;
        if (IsProbing)
            _probingSince += pause;
        for (var i = 0; i < _askedCount; i++)
            _asked![(_firstAsked + i) % MaxPending] += pause;
    }

    private void Relax(MonoTime now)
    {
        if (now < _forgiveAt)
            return;
        _forgiveAt = now + LinkLimits.LatenessMemory;
        _lateness = _lateness > LinkLimits.Granularity ? _lateness / 2 : Duration.Zero;
    }
}
