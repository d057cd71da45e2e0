namespace WeCan.Contracts.Control.Sessions;

/// <summary>Whether the other side of a session is there: it is asked after a while of silence, and given up after a longer one.</summary>
internal struct SessionLiveness(MonoTime now)
{
    private MonoTime _lastHeard = now;
    private bool _isAsked;

    public uint Number { get; private set; }

    /// <summary>When the next step is due: to ask, or to give up.</summary>
    public readonly MonoTime NextTimeout => _lastHeard + (_isAsked ? ControlLimits.SilenceAllowed : ControlLimits.PingAfter);

    public void Heard(MonoTime now)
    {
        _lastHeard = now;
        _isAsked = false;
    }

    public readonly bool IsOver(MonoTime now) => now >= _lastHeard + ControlLimits.SilenceAllowed;

    /// <summary>True once in each silence: then a ping of <see cref="Number"/> is to be sent.</summary>
    public bool ShouldAsk(MonoTime now)
    {
        if (_isAsked || now < _lastHeard + ControlLimits.PingAfter)
            return false;
        _isAsked = true;
        Number++;
        return true;
    }
}
