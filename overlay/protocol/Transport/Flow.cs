using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// What the flows that this node opened and those opened to it have in common: the node at the other end, that node's
/// list of its flows, and a place in the line of flows with something to tell the application.
/// </summary>
internal abstract class Flow : TransmitItem
{
    protected Flow(TransportShared shared, Peer peer, Lane lane)
        : base(lane)
    {
        Shared = shared;
        Peer = peer;
        lane.Users++;
    }

    public Peer Peer { get; }

    protected TransportShared Shared { get; }

    internal Flow? NextOfPeer { get; set; }

    internal Flow? PreviousOfPeer { get; set; }

    internal Flow? NextEvent { get; set; }

    internal bool IsEventQueued { get; set; }

    /// <summary>Takes the flow's foremost event; false when it has none left.</summary>
    public abstract bool TryTakeEvent(out TransportEvent happened);
}
