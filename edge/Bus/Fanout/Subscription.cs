using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// A client's subscription at its edge: a place in the tree of patterns, the credit that its reader has given, and what waits where
/// that is used up. A message of any length may go while there is any credit left.
/// </summary>
internal sealed class Subscription(BusSession session, uint id, OverloadPolicy overload, ulong credit)
{
    private ulong _credit = credit;
    private ulong _sent;
    private WaitingQueue? _waiting;

    public BusSession Session { get; } = session;

    public uint Id { get; } = id;

    /// <summary>Its place in the tree.</summary>
    public int Entry { get; set; }

    public bool IsWaiting => _waiting is { Count: > 0 };

    public WaitingQueue Waiting => _waiting ??= new(overload);

    /// <summary>True when the message may go at once, which counts against the credit.</summary>
    public bool TrySpend(int bytes)
    {
        if (IsWaiting || _sent >= _credit)
            return false;
        _sent += (ulong)bytes;
        return true;
    }

    public bool TryTakeWaiting(out WaitingMessage message)
    {
        message = null!;
        if (!IsWaiting || _sent >= _credit)
            return false;
        message = _waiting!.Take();
        _sent += (ulong)message.Payload.Length;
        return true;
    }

    public void Grant(ulong total) => _credit = Math.Max(_credit, total);

    /// <summary>Nothing waits any more, so nothing is kept for it.</summary>
    public void ForgetQueue()
    {
        if (_waiting is { Count: 0, Missed: 0 })
            _waiting = null;
    }

    public ulong TakeMissed() => _waiting?.TakeMissed() ?? 0;
}
