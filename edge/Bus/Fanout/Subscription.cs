using WeCan.Contracts;
using WeCan.Edge.Bus.Sessions;
using WeCan.MessageBus.Protocol.Frames;

namespace WeCan.Edge.Bus.Fanout;

/// <summary>
/// A client's subscription at its edge: a place in the tree of patterns, the credit that its reader has given, and what waits where
/// that is used up. A message of any length may go while there is any credit left.
/// </summary>
internal sealed class Subscription(BusSession session, uint id, OverloadPolicy overload, ulong credit) : Listener
{
    private ulong _credit = credit;
    private ulong _sent;
    private WaitingQueue? _waiting;

    public BusSession Session { get; } = session;

    public uint Id { get; } = id;

    /// <summary>The members of its queue group with its pattern; null for one that gets all for itself.</summary>
    public GroupPattern? Group { get; set; }

    public int GroupPlace { get; set; }

    /// <summary>How much it may be given at once: the credit that is left, less what waits, and nobody who is away before anybody who is there.</summary>
    public long Readiness
    {
        get
        {
            var ready = (long)Math.Min(_credit, long.MaxValue / 4) - (long)_sent - (_waiting?.Bytes ?? 0);
            return Session.Connection is null ? ready - (long.MaxValue / 2) : Session.Sender.IsFull ? Math.Min(ready, 0) - Session.Outbox.Held : ready;
        }
    }

    /// <summary>Until it is over, what interest knows it by; 0 for nothing.</summary>
    public ulong Ticket { get; set; }

    /// <summary>What it is subscribed to, where other edges have to know.</summary>
    public byte[] Pattern { get; set; } = [];

    /// <summary>Something waits, or is to be told before anything else comes.</summary>
    public bool IsWaiting => _waiting is not null;

    /// <summary>It pushes back, and is so far behind that what is for it is refused.</summary>
    public bool IsOverfull => _waiting is { IsOverfull: true };

    /// <summary>Publishers wait for it.</summary>
    public bool IsPushing => _waiting is { IsPushing: true };

    /// <summary>Looks whether it still takes something, if it pushes back; false when it need not be looked after any more.</summary>
    public bool LookAfter(MonoTime now) => _waiting is not null && _waiting.LookAfter(now);

    /// <summary>True when the message may go at once, which counts against the credit.</summary>
    public bool TrySpend(int bytes)
    {
        if (IsWaiting || _sent >= _credit)
            return false;
        _sent += (ulong)bytes;
        return true;
    }

    public void Hold(WaitingMessage message, WaitingBudget budget)
    {
        _waiting ??= new(overload, budget);
        _waiting.Add(message);
    }

    public bool TryTakeWaiting(MonoTime now, out WaitingMessage message)
    {
        message = null!;
        if (_waiting is null || _sent >= _credit || !_waiting.TryTake(now, out message))
            return false;
        _sent += (ulong)message.Payload.Length;
        return true;
    }

    /// <summary>Of the message that waits first; empty when none does.</summary>
    public ReadOnlySpan<byte> PeekSubject(MonoTime now) => _waiting is null ? default : _waiting.PeekSubject(now);

    /// <summary>The same for another to have, whatever the credit.</summary>
    public bool TryGiveWaiting(MonoTime now, out WaitingMessage message)
    {
        message = null!;
        return _waiting is not null && _waiting.TryTake(now, out message);
    }

    public void Grant(ulong total) => _credit = Math.Max(_credit, total);

    /// <summary>What went unheard, to be told before the next message.</summary>
    public void TakeMissed(out ulong overload, out ulong expired)
    {
        (overload, expired) = (_waiting?.Missed ?? 0, _waiting?.Expired ?? 0);
        _waiting?.Told();
    }

    /// <summary>Where nothing waits any more, nothing is kept for it. True when something still does.</summary>
    public bool KeepQueue()
    {
        if (_waiting is { IsIdle: true })
            _waiting = null;
        return IsWaiting;
    }

    public void DropQueue()
    {
        _waiting?.Clear();
        _waiting = null;
    }
}
