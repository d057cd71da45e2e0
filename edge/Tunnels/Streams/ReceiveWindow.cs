using WeCan.Contracts;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// How far the other edge may send ahead of what the local program has taken. What it may send is never taken back, and all windows of a
/// node together stay within their budget.
/// </summary>
internal sealed class ReceiveWindow(WindowBudget budget)
{
    private ulong _received;
    private ulong _delivered;
    private MonoTime _grantedAt;
    private int _size = TunnelLimits.FirstWindow;
    private bool _isSlow;

    /// <summary>The other edge may send up to this byte.</summary>
    public ulong Granted { get; private set; } = TunnelLimits.FirstWindow;

    /// <summary>Half of it is used, and the program has taken that.</summary>
    public bool IsHalfUsed => Granted - _delivered <= (ulong)_size / 2;

    public void Start(MonoTime now) => _grantedAt = now;

    /// <summary>False for bytes beyond what was granted: nothing is taken of them.</summary>
    public bool TryReceive(int bytes)
    {
        if (_received + (ulong)bytes > Granted)
            return false;
        _received += (ulong)bytes;
        return true;
    }

    public void OnDelivered(int bytes) => _delivered += (ulong)bytes;

    /// <summary>The program has left something lying.</summary>
    public void OnWaiting() => _isSlow = true;

    /// <summary>
    /// Grants up to a whole window again, and a larger one where the program takes everything at once and the last
    /// half did not last long, so that it may be the window that holds the other edge up. What is long is a matter of the way: a window
    /// that is all that holds a far edge up lasts a round trip.
    /// </summary>
    public void Grant(MonoTime now, Duration roundTrip, bool isAnythingWaiting)
    {
        var soon = Duration.Max(TunnelLimits.GrowWithin, roundTrip * 2);
        if (!_isSlow && now - _grantedAt < soon && budget.TryDouble(_size))
            _size *= 2;
        Granted = _delivered + (ulong)_size;
        _grantedAt = now;
        _isSlow = isAnythingWaiting;
    }

    /// <summary>Nothing more is received: its room is free for others.</summary>
    public void Close() => budget.Give(_size);
}
