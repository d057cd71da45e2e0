using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// A flow that this node opened: its handle, its number once it has sent, and what the application is to be told. It
/// ends once, by <see cref="End"/>; the layer frees the handle when the application has taken that event.
/// </summary>
internal abstract class OutboundFlow : Flow
{
    private FlowEndReason _endReason;
    private bool _isWritableRaised;
    private bool _isConfirmRaised;

    protected OutboundFlow(OutboundFlows table, FlowHandle handle, TransportShared shared, Peer peer, Lane lane, byte priority)
        : base(shared, peer, lane)
    {
        Table = table;
        Handle = handle;
        Priority = priority;
    }

    public FlowHandle Handle { get; }

    public byte Priority { get; }

    public uint Number { get; private set; }

    public bool HasNumber { get; private set; }

    public bool IsEnded => _endReason != FlowEndReason.None;

    public bool IsClosing { get; private set; }

    /// <summary>Since when the flow has something for its destination and heard nothing; never where that is not so.</summary>
    public virtual MonoTime WaitsSince => MonoTime.Never;

    internal bool IsBlocked { get; set; }

    /// <summary>Messages taken from the application.</summary>
    protected ulong Accepted { get; set; }

    /// <summary>Messages, from the first on, that the destination is known to have.</summary>
    protected ulong Confirmed { get; set; }

    protected OutboundFlows Table { get; }

    public abstract SendResult Send(MonoTime now, ReadOnlySpan<byte> message, out ulong number);

    public void Close(MonoTime now)
    {
        if (IsClosing || IsEnded)
            return;
        IsClosing = true;
        EndIfDone(now);
    }

    /// <summary>Ends the flow: nothing of it is sent any more, all that it held is given back.</summary>
    public void End(MonoTime now, FlowEndReason reason)
    {
        if (IsEnded)
            return;
        _endReason = reason;
        Peer.UntoldEnds++;
        ReleaseAll();
        Shared.Timers.Remove(this);
        Table.OnEnded(now, this, reason);
        if (reason != FlowEndReason.Closed)
            Shared.Counters.FlowsBroken++;
        Shared.Events.Raise(this);
    }

    public void RaiseWritable()
    {
        if (IsEnded || IsClosing)
            return;
        _isWritableRaised = true;
        Shared.Events.Raise(this);
    }

    public override bool TryTakeEvent(out TransportEvent happened)
    {
        if (IsEnded)
        {
            var kind = _endReason == FlowEndReason.Closed ? TransportEventKind.FlowClosed : TransportEventKind.FlowBroken;
            happened = new TransportEvent(kind, Handle, default, Confirmed, _endReason);
            return Table.TryFree(this);
        }

        var isConfirm = _isConfirmRaised;
        happened = isConfirm
            ? new TransportEvent(TransportEventKind.Confirmed, Handle, default, Confirmed, FlowEndReason.None)
            : new TransportEvent(TransportEventKind.FlowWritable, Handle, default, Confirmed, FlowEndReason.None);
        if (!isConfirm && !_isWritableRaised)
            return false;
        _isConfirmRaised = false;
        if (!isConfirm)
            _isWritableRaised = false;
        return true;
    }

    /// <summary>What an ended flow's origin tells the destination, or none where there is nothing to tell.</summary>
    public abstract bool TryGetEndNotice(FlowEndReason reason, out ResetPacket notice);

    protected static FlowEndReason ReasonOf(ResetReason reason) => reason switch
    {
        ResetReason.NoRoom => FlowEndReason.Refused,
        ResetReason.Refused => FlowEndReason.Rejected,
        _ => FlowEndReason.Forgotten,
    };

    protected void RaiseConfirmed()
    {
        _isConfirmRaised = true;
        Shared.Events.Raise(this);
    }

    protected void TakeNumber(uint number)
    {
        Number = number;
        HasNumber = true;
        Table.OnNumbered(this);
    }

    protected abstract void EndIfDone(MonoTime now);

    protected abstract void ReleaseAll();
}
