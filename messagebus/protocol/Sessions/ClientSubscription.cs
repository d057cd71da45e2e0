using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>What a client is subscribed to, in whatever session it is said.</summary>
internal sealed class ClientSubscription(uint id, byte[] pattern, OverloadPolicy overload, byte[] group)
{
    private readonly List<ulong> _last = [];
    private long _granted;
    private long _consumed;
    private long _came;
    private int _realtime;

    public uint Id { get; } = id;

    public byte[] Pattern { get; } = pattern;

    public OverloadPolicy Overload { get; } = overload;

    public byte[] Group { get; } = group;

    /// <summary>An edge has confirmed it, in this session or one before.</summary>
    public bool WasConfirmed { get; set; }

    /// <summary>No more is wanted but what is on its way.</summary>
    public bool IsEnding { get; set; }

    /// <summary>What the edge may have sent since the session began.</summary>
    public ulong Granted => (ulong)_granted;

    /// <summary>A new session counts from zero; what the application has not taken still counts against it.</summary>
    public void Restart()
    {
        _consumed -= _came;
        _came = 0;
        _granted = Math.Max(0, _consumed + SessionLimits.Credit);
    }

    /// <summary>A message came: false when its publisher's later ones have come before, so that it is here for the second time.</summary>
    public bool TryTake(int publisher, ulong number, int bytes)
    {
        _came += bytes;

        // A group's message may come late, from a member that went: its number says nothing, and the session brings nothing twice.
        if (Group.Length > 0)
            return true;
        while (_last.Count <= publisher)
            _last.Add(0);
        if (number <= _last[publisher])
            return false;
        _last[publisher] = number;
        return true;
    }

    /// <summary>A Realtime message came: false when its reader is too far behind to take it in time.</summary>
    public bool TryTakeRealtime(int bytes)
    {
        if (_realtime > SessionLimits.RealtimeBehind - bytes)
            return false;
        _realtime += bytes;
        return true;
    }

    public void ConsumeRealtime(int bytes) => _realtime -= bytes;

    /// <summary>The application has taken so much; true when the edge should hear of it.</summary>
    public bool Consume(int bytes)
    {
        _consumed += bytes;

        // The edge gives a group's message to whoever has most credit: it hears when a member has nothing left to do.
        var returned = _consumed + SessionLimits.Credit - _granted;
        var wanted = Group.Length == 0 ? SessionLimits.Credit / 4 : _consumed == _came ? 1 : SessionLimits.Credit / 32;
        if (returned < wanted)
            return false;
        _granted = _consumed + SessionLimits.Credit;
        return true;
    }
}
