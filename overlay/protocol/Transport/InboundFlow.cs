using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A flow that another node opened to this one. When it ends, what it has whole is still handed out; then the
/// application is told, and the flow leaves the table.
/// </summary>
internal abstract class InboundFlow : Flow
{
    private MessageQueue _queue;
    private FlowEndReason _endReason;
    private bool _isPaused;

    protected InboundFlow(InboundFlows table, TransportShared shared, Peer peer, FlowId id, ServiceClass serviceClass)
        : base(shared, peer, peer.Lane)
    {
        Table = table;
        Id = id;
        Class = serviceClass;
    }

    public FlowId Id { get; }

    public ServiceClass Class { get; }

    public bool IsEnded => _endReason != FlowEndReason.None;

    public bool HasMessages => _queue.Count > 0;

    /// <summary>Whether the application is to be asked: it has something and is not paused.</summary>
    public bool IsReceivable => HasMessages && !_isPaused;

    internal InboundFlow? NextReceive { get; set; }

    internal bool IsReceiveQueued { get; set; }

    protected InboundFlows Table { get; }

    protected int MessageCount => _queue.Count;

    public void SetPaused(bool paused)
    {
        _isPaused = paused;
        if (IsReceivable)
            Shared.Received.Wake(this);
    }

    public void End(MonoTime now, FlowEndReason reason)
    {
        if (IsEnded)
            return;
        _endReason = reason;
        Shared.Timers.Remove(this);
        ReleaseUnfinished();
        Table.OnEnded(this);
        if (HasMessages)
            Peer.Lingering.Add(this);
        else
            Shared.Events.Raise(this);
    }

    public override bool TryTakeEvent(out TransportEvent happened)
    {
        happened = new TransportEvent(TransportEventKind.InboundEnded, FlowHandle.None, Id, 0, _endReason);
        return IsEnded && !HasMessages && Table.TryFree(this);
    }

    /// <summary>The next message, whose memory is then the caller's to release; false when none is left that may be handed out.</summary>
    public abstract bool TryTake(MonoTime now, out QueuedMessage message, out ulong number);

    /// <summary>Memory was freed: takes what is here and could not be taken before.</summary>
    public virtual void RetryStarved(MonoTime now)
    {
    }

    protected bool TryReserveMessage() => _queue.TryReserve(Shared, Peer);

    /// <summary>The message for which room was made did not come about.</summary>
    protected void CancelReserve() => _queue.CancelReserve(Shared, Peer);

    protected void PushMessage(in QueuedMessage message)
    {
        _queue.Push(message);
        if (IsReceivable)
            Shared.Received.Wake(this);
    }

    protected QueuedMessage PopMessage()
    {
        var message = _queue.Pop(Shared, Peer);
        if (IsEnded && !HasMessages)
        {
            Peer.Lingering.Remove(this);
            Shared.Events.Raise(this);
        }

        return message;
    }

    /// <summary>Gives back everything but whole messages.</summary>
    protected abstract void ReleaseUnfinished();
}
