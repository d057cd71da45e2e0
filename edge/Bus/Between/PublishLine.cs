using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.Edge.Bus.Sessions;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// One publisher's Reliable messages on their way to other edges: those that wait here, in their order, and how many were sent and are not
/// confirmed. These went over one lane, so that nothing of them passes anything else.
/// </summary>
internal sealed class PublishLine(BusSession session)
{
    private readonly Queue<WaitingMessage> _held = new();
    private int _outstanding;
    private MonoTime _restsUntil;
    private int _heldBytes;

    public BusSession Session { get; } = session;

    /// <summary>The lane that its last message went over.</summary>
    public ReliableLane? Lane { get; private set; }

    /// <summary>Stands in the sender's queue of those with something held.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The session is over.</summary>
    public bool IsOver { get; private set; }

    public bool HasHeld => _held.Count > 0;

    public bool HasOutstanding => _outstanding > 0;

    /// <summary>Its client must publish no more for now.</summary>
    public bool IsFull => _held.Count >= BetweenLimits.MaxHeldOfOne || _heldBytes >= BetweenLimits.MaxHeldBytesOfOne;

    /// <summary>It has published on and on in spite of that.</summary>
    public bool IsOverfull => _heldBytes >= BetweenLimits.MostHeldBytesOfOne;

    /// <summary>The lane for its next message must be the one of the last.</summary>
    public bool IsBound(MonoTime now) => Lane is not null && (_outstanding > 0 || now < _restsUntil);

    public void Hold(WaitingMessage message)
    {
        _held.Enqueue(message);
        _heldBytes += message.Bytes;
    }

    public bool TryPeekHeld(out WaitingMessage message) => _held.TryPeek(out message!);

    /// <summary>The first that is held was sent, or is not worth it any more; says how many bytes it was.</summary>
    public int DropHeld()
    {
        var bytes = _held.Dequeue().Bytes;
        _heldBytes -= bytes;
        return bytes;
    }

    public void OnSent(ReliableLane lane)
    {
        Lane = lane;
        _outstanding++;
    }

    public void OnConfirmed(MonoTime now)
    {
        _outstanding--;
        _restsUntil = now + BetweenLimits.PriorityRest;
    }

    /// <summary>Nothing more is wanted of it; says what was held.</summary>
    public (int Messages, int Bytes) End()
    {
        IsOver = true;
        var held = (_held.Count, _heldBytes);
        _held.Clear();
        _heldBytes = 0;
        return held;
    }
}
