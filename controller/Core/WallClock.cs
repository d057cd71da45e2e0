using WeCan.Contracts;

namespace WeCan.Controller.Core;

/// <summary>
/// The wall clock as the controller goes by it. Memberships, tokens, maintenance and the past end by it, and one wrong second must not end them:
/// a clock that leaps by more than <see cref="ControllerLimits.ClockLeap"/> is believed when it has stayed there for
/// <see cref="ControllerLimits.ClockBelieved"/>, and until then time goes on from before by the clock that measures. A server of time puts right sooner
/// what it finds wrong. On one thread.
/// </summary>
internal sealed class WallClock
{
    /// <summary>What the clock that is believed says when the one that measures says nothing yet, in seconds; null before the first look.</summary>
    private long? _offset;

    /// <summary>Since when the wall clock says something else; null where it does not.</summary>
    private MonoTime? _doubtedSince;

    /// <summary>What time it is, with both clocks looked at just now.</summary>
    public UnixTime At(MonoTime mono, UnixTime wall)
    {
        var passed = mono.Nanoseconds / 1_000_000_000;
        var offset = wall.Seconds - passed;
        var leap = ControllerLimits.ClockLeap.Nanoseconds / 1_000_000_000;
        _offset ??= offset;
        if (Math.Abs(offset - _offset.Value) <= leap)
            _doubtedSince = null;
        else
            _doubtedSince ??= mono;
        if (_doubtedSince is not { } since || mono >= since + ControllerLimits.ClockBelieved)
            (_offset, _doubtedSince) = (offset, null);
        return new(passed + _offset.Value);
    }
}
