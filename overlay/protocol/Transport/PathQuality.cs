using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// What an edge knows of one route from reports on its own packets: loss over the last half second or so, delay and marks,
/// when it last heard, and, while two routes are compared, the exact counts since the comparison began.
/// </summary>
internal struct PathQuality
{
    private double _sent;
    private double _received;
    private int _unheard;
    private MonoTime _unheardSince;
    private MonoTime _lastHeard;
    private MonoTime _lastSent;
    private MonoTime _strainedUntil;
    private bool _isHeard;

    public Duration Delay { get; private set; }

    /// <summary>The least that the delay was, which follows slowly when it rises.</summary>
    public Duration BestDelay { get; private set; }

    public double Marks { get; private set; }

    /// <summary>Packets since the comparison began.</summary>
    public int Compared { get; private set; }

    /// <summary>Packets lost since the comparison began; reports that come in another order can make it less than none for a while.</summary>
    public int ComparedLost { get; private set; }

    public readonly double Lost => Math.Max(0, _sent - _received);

    public readonly double Loss => _sent < 1 ? 0 : Lost / _sent;

    /// <summary>Whether the route by itself gives reason to look for another.</summary>
    public readonly bool IsSuspect =>
        (Lost >= PathLimits.LostAtLeast && Loss >= PathLimits.BadLoss)
        || Marks >= PathLimits.BadMarks
        || Delay > (BestDelay * 1.5) + PathLimits.BadDelay;

    public readonly double ComparedLoss => Compared == 0 ? 0 : Math.Max(0, ComparedLost) / (double)Compared;

    public readonly bool IsKnown(MonoTime now) => _isHeard && now - _lastHeard <= PathLimits.Idle;

    /// <summary>Whether packets went out and no report tells of any for longer than it can take.</summary>
    public readonly bool IsSilent(MonoTime now)
    {
        var roundTrip = (_isHeard ? Delay : PathLimits.UnknownDelay) * 2;
        return _unheard >= PathLimits.SampleAtLeast && now - MonoTime.Max(_lastHeard, _unheardSince) >= PathLimits.Silence + roundTrip;
    }

    /// <summary>Whether copies may go here: not where nothing arrives or where the route is full, but after a rest nobody knows.</summary>
    public readonly bool CanGuard(MonoTime now) => now - _lastSent > PathLimits.Idle || (!IsSilent(now) && Marks < PathLimits.BadMarks);

    /// <summary>Whether a hop said short ago that it loses longer runs than its repair brings back.</summary>
    public readonly bool IsStrained(MonoTime now) => now < _strainedUntil;

    public readonly Duration Cost(double loss) => Delay + (PathLimits.MarksCost * Marks) + (PathLimits.LossCost * loss);

    public void OnSent(MonoTime now)
    {
        if (now - _lastSent > PathLimits.Idle)
            _unheard = 0;
        _lastSent = now;
        if (_unheard++ == 0)
            _unheardSince = now;
    }

    public void OnReport(MonoTime now, int sent, int received, double marks, Duration delay)
    {
        var isFresh = !IsKnown(now);
        _sent += sent;
        _received += received;
        Compared += sent;
        ComparedLost += sent - received;
        Delay = isFresh ? delay : Delay + ((delay - Delay) * PathLimits.Gain);
        Marks = isFresh ? marks : Marks + ((marks - Marks) * PathLimits.Gain);
        BestDelay = _isHeard ? Duration.Min(BestDelay, Delay) : Delay;
        _isHeard = true;
        _lastHeard = now;
        _unheard = 0;
    }

    public void OnStrained(MonoTime now) => _strainedUntil = now + PathLimits.GuardHold;

    /// <summary>The route is not silent; no more is known of it than before.</summary>
    public void OnHeard(MonoTime now) => (_lastHeard, _unheard) = (now, 0);

    /// <summary>Starts counting, from nothing or from what the last half second has shown.</summary>
    public void BeginComparison(bool isAnew)
    {
        Compared = isAnew ? 0 : (int)_sent;
        ComparedLost = isAnew ? 0 : (int)Math.Round(Lost);
    }

    /// <summary>One step passes.</summary>
    public void Fade()
    {
        _sent *= PathLimits.Memory;
        _received *= PathLimits.Memory;
        BestDelay += (Delay - BestDelay) * 0.002;
    }
}
