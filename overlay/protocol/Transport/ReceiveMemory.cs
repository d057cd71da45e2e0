namespace WeCan.Protocol.Transport;

/// <summary>
/// The node's memory for Signal and Bulk that arrives, in two parts that never lend to each other: a quarter for
/// segments ahead of their turn, the rest for what was taken in its turn. So what waits can never keep out what it
/// waits for, and messages that the application leaves lying do not stop hops from reordering. An origin's share is
/// divided in the same way.
/// </summary>
internal sealed class ReceiveMemory(long limit, long limitPerOrigin, FairShare share = default)
{
    private const int AheadPart = 4;

    private long _taken;
    private long _ahead;

    public long Used => _taken + _ahead;

    /// <summary>Set when something was given back, until those who wait were looked after.</summary>
    public bool WasFreed { get; set; }

    /// <summary>Over half full: new credit is kept small. Where each has a share, that alone makes it small.</summary>
    public bool IsTight => !share.IsOn && _taken > limit / 2;

    private long InTurnLimit => limit - (limit / AheadPart);

    private long AheadLimit => limit / AheadPart;

    private long FreeInTurn => InTurnLimit - _taken;

    private long FreeAhead => AheadLimit - _ahead;

    /// <summary>
    /// Segments that a flow of this origin may be promised room for: half of what could still come ahead of its turn, so
    /// that several flows find some; little where over half of the memory is taken, but always enough to begin.
    /// </summary>
    public int CreditFor(Peer origin)
    {
        if (IsTight)
            return TransportLimits.InitialWindow;
        var ahead = Math.Min(FreeAhead, (limitPerOrigin / AheadPart) - origin.AheadBytes);
        ahead = Math.Min(ahead, share.Of(FreeAhead, AheadLimit) - origin.AheadBytes);
        return (int)Math.Clamp(ahead / 2 / SegmentPool.PlaceBytes, TransportLimits.InitialWindow, TransportLimits.ReceiveWindow);
    }

    public bool TryTake(Peer origin, int bytes)
    {
        if (bytes > FreeInTurn || origin.ReceiveBytes + bytes > limitPerOrigin - (limitPerOrigin / AheadPart) || !share.Allows(FreeInTurn, InTurnLimit, origin.ReceiveBytes, bytes))
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
        if (bytes > FreeAhead || origin.AheadBytes + bytes > limitPerOrigin / AheadPart || !share.Allows(FreeAhead, AheadLimit, origin.AheadBytes, bytes))
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
