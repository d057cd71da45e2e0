using System.Runtime.CompilerServices;
using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Chooses the route for the Realtime flows to one node that take one route, by this edge's own evidence: the reports on
/// its packets. A route that is suspect, or silent, puts another on trial: for up to <see cref="PathLimits.Trial"/> the
/// flows send copies over it, so that what the bad one loses arrives already, and both are compared over the same packets.
/// Only one that is clearly better is moved to. A route of a better rank gets its trial later, and must be as good for a
/// second. Between moves lie <see cref="PathLimits.Stay"/>, unless a route is ruinous; trials that change nothing grow rarer.
/// While the route is strained, a <see cref="PathGuard"/> beside it carries copies.
/// </summary>
internal sealed class PathSelector(TransportShared shared, Peer peer) : TimerItem
{
    private Qualities _qualities;
    private PathGuard _guard = new(shared);
    private int _trial = TransportTransmit.NoRoute;
    private int _lastTried;
    private ulong _way;
    private bool _isPrimary = true;
    private bool _isReturn;
    private bool _isArmed;
    private CopyBudget _trialCopies;
    private MonoTime _trialSince;
    private MonoTime _lastSent;
    private MonoTime _movedAt = new(long.MinValue / 2);
    private MonoTime _suspectAt = new(long.MinValue / 2);
    private MonoTime _nextTrialAt;
    private MonoTime _returnAt;
    private Duration _stay = PathLimits.Stay;
    private Duration _pause = PathLimits.FirstPause;
    private Duration _returnPause = PathLimits.FirstReturn;

    /// <summary>The route that flows over one path take.</summary>
    public int Current { get; private set; }

    /// <summary>The routes, each a bit, for a message of a flow that takes one path or two.</summary>
    public uint RoutesFor(MonoTime now, int paths, int segments)
    {
        if (paths > 1 || peer.Routes.Count == 0)
            return peer.Routes.First(paths);
        if (_way == 0 || peer.Routes.WayOf(Current) != _way)
            Follow(now);
        var routes = 1u << Current;
        if (_trial >= 0 && _trialCopies.TryTake(segments))
            routes |= 1u << _trial;
        return routes | _guard.CopyOf(now, routes, segments);
    }

    /// <summary>A hop on a route that this node's packets took is strained.</summary>
    public void OnStrained(MonoTime now, int token)
    {
        _qualities[token].OnStrained(now);
        if (token != Current)
            return;
        _guard.OnStrained(now);
        if (_guard.Token < 0)
            _guard.Choose(now, peer.Routes, Current, _qualities);
    }

    public void OnSent(MonoTime now, int token)
    {
        _qualities[token].OnSent(now);
        _lastSent = now;
        if (_isArmed)
            return;
        _isArmed = true;
        shared.Timers.Set(this, now + PathLimits.Step);
    }

    public void OnReport(MonoTime now, int token, int sent, int received, double marks, Duration delay) =>
        _qualities[token].OnReport(now, sent, received, marks, delay);

    /// <summary>Something of what went by the token has come; which way it had gone, and what of it is missing, cannot be told yet.</summary>
    public void OnHeard(MonoTime now, int token) => _qualities[token].OnHeard(now);

    /// <summary>The token stands for another route than before, or for none.</summary>
    public void Forget(int token)
    {
        _qualities[token] = default;
        if (_trial == token)
            _trial = TransportTransmit.NoRoute;
    }

    public override void HandleTimeout(MonoTime now)
    {
        for (var token = 0; token < WireLimits.MaxRoutes; token++)
            _qualities[token].Fade();
        _trialCopies.Refill();
        _guard.Refill();
        _isArmed = now - _lastSent < PathLimits.Idle;
        if (!_isArmed)
        {
            _trial = TransportTransmit.NoRoute;
            _guard.Stop();
            return;
        }

        shared.Timers.Set(this, now + PathLimits.Step);
        _guard.Choose(now, peer.Routes, Current, _qualities);
        if (_trial >= 0)
            JudgeTrial(now);
        else if (peer.Routes.Count > 1 && peer.Routes.Contains(Current))
            Judge(now);
    }

    public PathStatus StatusOf(MonoTime now, int token)
    {
        ref var quality = ref _qualities[token];
        return new PathStatus(token, token == Current, token == _trial, quality.IsKnown(now), quality.Loss, quality.Delay, quality.Marks);
    }

    /// <summary>
    /// There are other routes than before. Flows that took the primary take the primary; those that had left it stay on the way that
    /// they chose, whatever its rank is now, and are on the primary where it is none any more.
    /// </summary>
    private void Follow(MonoTime now)
    {
        var primary = peer.Routes.After(TransportTransmit.NoRoute);
        var same = _isPrimary ? primary : peer.Routes.Find(_way);
        if (same == TransportTransmit.NoRoute)
        {
            Move(now, primary, PathMoveReason.Cleared);
            return;
        }

        // The strain was that of the way that is left. One that is kept may stand where its guard stood.
        if (peer.Routes.WayOf(same) != _way)
            _guard.Stop();
        Current = same;
        Note();
        _guard.Choose(now, peer.Routes, Current, _qualities);
    }

    private void Note()
    {
        _way = peer.Routes.WayOf(Current);
        _isPrimary = Current == peer.Routes.After(TransportTransmit.NoRoute);
    }

    private void Judge(MonoTime now)
    {
        ref var current = ref _qualities[Current];
        if (IsSuspect(now))
        {
            _suspectAt = now;
            if (now >= _nextTrialAt && (IsRuinous(now, current) || (!_guard.IsWhole(now) && now - _movedAt >= _stay)))
                BeginTrial(now, NextCandidate(), isReturn: false);
            return;
        }

        if (now - _suspectAt >= PathLimits.Forgiveness)
            _pause = PathLimits.FirstPause;
        var best = peer.Routes.After(TransportTransmit.NoRoute);
        if (best != Current && now >= _returnAt && MayReturn(now, best))
            BeginTrial(now, best, isReturn: true);
    }

    /// <summary>By itself, or beside a route that other flows' packets take just now.</summary>
    private bool IsSuspect(MonoTime now)
    {
        ref var current = ref _qualities[Current];
        if (current.IsSilent(now) || current.IsSuspect)
            return true;
        for (var token = 0; token < WireLimits.MaxRoutes; token++)
        {
            ref var other = ref _qualities[token];
            if (token == Current || !peer.Routes.Contains(token) || !other.IsKnown(now) || other.IsSilent(now) || !current.IsKnown(now))
                continue;
            if (IsClearlyLess(other.Cost(other.Loss), current.Cost(current.Loss)))
                return true;
        }

        return false;
    }

    private void BeginTrial(MonoTime now, int token, bool isReturn)
    {
        _trial = token;
        _lastTried = token;
        _isReturn = isReturn;
        _trialSince = now;

        // What made the route suspect counts against it, but not twice in a row: it may have been chance.
        _qualities[Current].BeginComparison(isAnew: isReturn || IsRelapse(now));
        _qualities[token].BeginComparison(isAnew: true);
        shared.Counters.PathTrials++;
    }

    private void JudgeTrial(MonoTime now)
    {
        ref var current = ref _qualities[Current];
        ref var tried = ref _qualities[_trial];
        if (!peer.Routes.Contains(_trial) || !peer.Routes.Contains(Current))
        {
            _trial = TransportTransmit.NoRoute;
            return;
        }

        var isHeard = tried.Compared >= PathLimits.TrialAtLeast && !tried.IsSilent(now);
        var mayLeave = !_guard.IsWhole(now) || IsRuinous(now, current);
        if (isHeard && mayLeave && IsClearlyWorse(now, current, tried))
            Move(now, _trial, current.IsSilent(now) ? PathMoveReason.Silence : PathMoveReason.Worse);
        else if (_isReturn && isHeard && MayReturn(now, _trial) && now - _trialSince >= PathLimits.Probation && HasProved(now, tried, current))
            Move(now, _trial, PathMoveReason.Recovered);
        else if (now - _trialSince >= PathLimits.Trial)
            EndTrial(now);
    }

    /// <summary>To go back ends the guard, so not to a route that would need one at once.</summary>
    private bool MayReturn(MonoTime now, int token) => !_guard.IsWhole(now) || !_qualities[token].IsStrained(now);

    /// <summary>As good as the route that is taken, chance given no benefit.</summary>
    private bool HasProved(MonoTime now, in PathQuality tried, in PathQuality current) =>
        !tried.IsSuspect
        && tried.ComparedLost - current.ComparedLost < PathLimits.LostAtLeast
        && !IsClearlyWorse(now, tried, current);

    private bool IsClearlyWorse(MonoTime now, in PathQuality worse, in PathQuality better)
    {
        if (worse.IsSilent(now))
            return true;
        if (worse.Compared < PathLimits.SampleAtLeast)
            return false;
        var more = (double)(worse.ComparedLost - better.ComparedLost);
        var deviations = IsRelapse(now) ? PathLimits.RelapseDeviations : PathLimits.Deviations;

        // Counts of nearly as many packets each: the variance of their difference is about their sum.
        var variance = Math.Max(0, worse.ComparedLost) + Math.Max(0, better.ComparedLost);
        var isLossSure = more >= PathLimits.LostAtLeast && more * more >= deviations * deviations * variance;
        return IsClearlyLess(
            better.Cost(isLossSure ? better.ComparedLoss : 0), worse.Cost(isLossSure ? worse.ComparedLoss : 0));
    }

    private static bool IsRuinous(MonoTime now, in PathQuality quality) =>
        quality.IsSilent(now) || (quality.Loss >= PathLimits.RuinousLoss && quality.Lost >= PathLimits.RuinousLost);

    private static bool IsClearlyLess(Duration less, Duration more) => more > (less * PathLimits.CostFactor) + PathLimits.CostMargin;

    private void EndTrial(MonoTime now)
    {
        _trial = TransportTransmit.NoRoute;
        if (_isReturn)
        {
            _returnPause = Duration.Min(_returnPause * 2, PathLimits.LongestPause);
            _returnAt = now + _returnPause;
            return;
        }

        _nextTrialAt = now + _pause;
        _pause = Duration.Min(_pause * 2, PathLimits.LongestPause);
    }

    private void Move(MonoTime now, int token, PathMoveReason reason)
    {
        shared.Tell(new PathMove(now, peer.Id, Current, token, reason));
        _lastTried = Current;
        Current = token;
        Note();
        _trial = TransportTransmit.NoRoute;
        _guard.Stop();
        _nextTrialAt = now;

        // To have left a route soon after the way back to it was found safe makes the next way back later.
        var isRelapse = IsRelapse(now);
        _returnPause = isRelapse ? Duration.Min(_returnPause * 2, PathLimits.LongestPause) : PathLimits.FirstReturn;
        _stay = isRelapse ? Duration.Min(_stay * 2, PathLimits.LongestStay) : PathLimits.Stay;
        _returnAt = now + _returnPause;
        _movedAt = now;
    }

    private bool IsRelapse(MonoTime now) => now - _movedAt < PathLimits.Forgiveness;

    private int NextCandidate()
    {
        var next = peer.Routes.After(_lastTried);
        return next == Current ? peer.Routes.After(next) : next;
    }

    [InlineArray(WireLimits.MaxRoutes)]
    private struct Qualities
    {
        private PathQuality _first;
    }
}
