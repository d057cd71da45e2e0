using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>
/// Which of two accesses a client is on, without I/O and clock. Native access always tries, and has a head start; where it does not stand in
/// time, or is lost, a pipe of bytes is opened. Native access is gone back to as soon as it stands, but after losses only when it has stood for a while, so
/// that one which comes and goes does not take the client with it each time. Its driver says what happened, and does what
/// <see cref="Carrier"/> and <see cref="TryBegin"/> say.
/// </summary>
internal sealed class AccessRace(DeterministicRandom random)
{
    private bool _isNativeUp;
    private MonoTime _nativeSince;
    private MonoTime _carriesSince;
    private Duration _trial = Duration.Zero;
    private PipeState _pipe;
    private MonoTime _tryAt = MonoTime.Never;
    private MonoTime _stoodAt;
    private int _failures;

    /// <summary>What carries the session; null while nothing does.</summary>
    public AccessKind? Carrier { get; private set; }

    /// <summary>When <see cref="HandleTimeout"/> or <see cref="TryBegin"/> may have something to do.</summary>
    public MonoTime NextTimeout => Carrier switch
    {
        null => _pipe == PipeState.None ? _tryAt : MonoTime.Never,
        AccessKind.WebSocket when _isNativeUp => _nativeSince + _trial,
        _ => MonoTime.Never,
    };

    /// <summary>The client begins.</summary>
    /// <param name="now">The time.</param>
    /// <param name="hasPipe">There is another access than the native one.</param>
    /// <param name="best">What was the best before; null where nobody knows.</param>
    public void Begin(MonoTime now, bool hasPipe, AccessKind? best)
    {
        if (hasPipe)
            _tryAt = best == AccessKind.WebSocket ? now : now + AccessLimits.HeadStart;
    }

    /// <summary>Native access stands, or does not.</summary>
    public void NativeIs(MonoTime now, bool isUp)
    {
        if (isUp != _isNativeUp)
        {
            _isNativeUp = isUp;
            if (isUp)
                _nativeSince = now;
            else if (Carrier == AccessKind.Native)
                LoseNative(now);
        }

        Decide(now);
    }

    public void HandleTimeout(MonoTime now) => Decide(now);

    /// <summary>A pipe is to be opened now; said once.</summary>
    public bool TryBegin(MonoTime now)
    {
        if (Carrier is not null || _pipe != PipeState.None || now < _tryAt)
            return false;
        _pipe = PipeState.Opening;
        return true;
    }

    /// <summary>The pipe is open. False when it is not wanted any more.</summary>
    public bool TryStand(MonoTime now)
    {
        if (Carrier is not null)
        {
            _pipe = PipeState.None;
            return false;
        }

        (_pipe, _stoodAt) = (PipeState.Open, now);
        Decide(now);
        return true;
    }

    /// <summary>The pipe could not be opened, or is lost.</summary>
    public void Fail(MonoTime now)
    {
        var isShort = _pipe == PipeState.Opening || now - _stoodAt < AccessLimits.ShortLife;
        _pipe = PipeState.None;
        _failures = isShort ? _failures + 1 : 0;
        var pause = _failures == 0 ? Duration.Zero : Duration.Min(AccessLimits.FirstPause * (1L << Math.Min(_failures - 1, 10)), AccessLimits.LongestPause);

        // Many clients lose their edge together, and shall not come back together.
        _tryAt = now + (pause * (0.75 + (random.NextDouble() / 2)));
        if (Carrier == AccessKind.WebSocket)
            Carrier = null;
        Decide(now);
    }

    private void LoseNative(MonoTime now)
    {
        Carrier = null;
        _trial = now - _carriesSince > AccessLimits.LongestTrial ? AccessLimits.FirstTrial : Duration.Min(Duration.Max(_trial * 2, AccessLimits.FirstTrial), AccessLimits.LongestTrial);
        if (_tryAt != MonoTime.Never && _failures == 0)
            _tryAt = now;
    }

    private void Decide(MonoTime now)
    {
        if (_isNativeUp && Carrier != AccessKind.Native && (Carrier is null || now - _nativeSince >= _trial))
            (Carrier, _carriesSince, _pipe) = (AccessKind.Native, now, _pipe == PipeState.Open ? PipeState.None : _pipe);
        else if (Carrier is null && _pipe == PipeState.Open)
            Carrier = AccessKind.WebSocket;
    }

    private enum PipeState : byte
    {
        None = 0,
        Opening = 1,
        Open = 2,
    }
}
