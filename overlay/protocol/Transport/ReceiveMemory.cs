namespace WeCan.Protocol.Transport;

/// <summary>
/// The node's memory for Signal and Bulk that arrives, in two parts that never lend to each other: a quarter for
/// segments ahead of their turn, the rest for what was taken in its turn. So what waits can never keep out what it
/// waits for, and messages that the application leaves lying do not stop hops from reordering. An origin's share is
/// divided in the same way.
/// </summary>
internal sealed class ReceiveMemory(long limit, long limitPerOrigin)
{
    private const int AheadPart = 4;

    private long _taken;
    private long _ahead;

    public long Used => _taken + _ahead;

    /// <summary>Set when something was given back, until those who wait were looked after.</summary>
    public bool WasFreed { get; set; }

    /// <summary>Over half full: new credit is kept small.</summary>
    public bool IsTight => _taken > limit / 2;

    /// <summary>
    /// Segments that a flow of this origin may be promised room for: half of what could still come ahead of its turn, so
    /// that several flows find some; little where over half of the memory is taken, but always enough to begin.
    /// </summary>
    public int CreditFor(Peer origin)
    {
        if (IsTight)
            return TransportLimits.InitialWindow;
        var ahead = Math.Min((limit / AheadPart) - _ahead, (limitPerOrigin / AheadPart) - origin.AheadBytes);
        return (int)Math.Clamp(ahead / 2 / SegmentPool.PlaceBytes, TransportLimits.InitialWindow, TransportLimits.ReceiveWindow);
    }

    public bool TryTake(Peer origin, int bytes)
    {
        if (_taken + bytes > limit - (limit / AheadPart) || origin.ReceiveBytes + bytes > limitPerOrigin - (limitPerOrigin / AheadPart))
            return false;
        _taken += bytes;
        origin.ReceiveBytes += bytes;
        return true;
    }

    public void Give(Peer origin, int bytes)
    {
        _taken -= bytes;
        origin.ReceiveBytes -= bytes;
        WasFreed = true;
    }

    public bool TryTakeAhead(Peer origin, int bytes)
    {
        if (_ahead + bytes > limit / AheadPart || origin.AheadBytes + bytes > limitPerOrigin / AheadPart)
            return false;
        _ahead += bytes;
        origin.AheadBytes += bytes;
        return true;
    }

    public void GiveAhead(Peer origin, int bytes)
    {
        _ahead -= bytes;
        origin.AheadBytes -= bytes;
    }
}
