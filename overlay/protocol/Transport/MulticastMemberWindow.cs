using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>How much one destination of a multicast flow may have under way: its credit, and a window that its confirmations open and marks and silences close.</summary>
internal struct MulticastMemberWindow()
{
    private int _size = MulticastLimits.InitialWindow;
    private MonoTime _lastCut = new(long.MinValue / 2);

    /// <summary>Segments that the destination has room for from the first that it has not confirmed on.</summary>
    public int Credit { get; set; } = MulticastLimits.ReceiveWindow;

    /// <summary>Segments sent and not confirmed.</summary>
    public int InFlight { get; set; }

    /// <summary>Segments among them that the destination has told of, behind a gap.</summary>
    public int Told { get; set; }

    public readonly bool IsFull => InFlight - Told >= _size || InFlight >= Credit;

    /// <summary>So much room that the destination need not be full again at once.</summary>
    public readonly bool IsHalfEmpty => InFlight - Told <= _size / 2 && InFlight <= Credit / 2;

    public void Grow(int received)
    {
        var grown = Math.Min(_size + received, Math.Max(Credit, MulticastLimits.InitialWindow));
        _size = Math.Max(_size, grown);
    }

    /// <summary>Halves the window, once in a round trip; says whether it did.</summary>
    public bool TryCut(MonoTime now, Duration roundTrip)
    {
        if (now - _lastCut < roundTrip)
            return false;
        _lastCut = now;
        _size = Math.Max(MulticastLimits.MinWindow, _size / 2);
        return true;
    }
}
