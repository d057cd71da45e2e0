using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>Something that at times has packets to send, and then waits in its lane for its turn.</summary>
internal abstract class TransmitItem : TimerItem
{
    protected TransmitItem(Lane lane) => Lane = lane;

    public Lane Lane { get; }

    internal TransmitItem? NextInLane { get; set; }

    internal TransmitItem? PreviousInLane { get; set; }

    internal bool IsInLane { get; set; }

    /// <summary>Whether it stands in its lane among those that wait for the window.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>Whether there is something to send now. An item that has ended says no, and so leaves its lane by itself.</summary>
    public abstract bool WantsToSend { get; }

    /// <summary>Whether what it would send next must find room in the lane's window.</summary>
    public virtual bool NeedsWindow => false;

    /// <summary>Writes one packet. When it says no, nothing was written and <see cref="WantsToSend"/> is false.</summary>
    public abstract bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length);
}
