using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// What the transport tells the application about a flow. Polled after every call that handed the layer something;
/// events of one flow are merged while they wait, so they take no queue and none is ever lost.
/// </summary>
/// <param name="Kind">What happened.</param>
/// <param name="Flow">The flow that this node opened; none for <see cref="TransportEventKind.InboundEnded"/>.</param>
/// <param name="Inbound">The flow that another node opened, for <see cref="TransportEventKind.InboundEnded"/>.</param>
/// <param name="Messages">How many of the flow's messages, counted from the first, the destination is known to have;
/// what comes after them in a broken flow may have arrived or not; of a multicast flow, how many every destination has that
/// each was for, or for a lost destination, that one. Zero for Realtime flows, which confirm nothing.</param>
/// <param name="Reason">Why the flow ended, for the kinds that say so.</param>
public readonly record struct TransportEvent(
    TransportEventKind Kind, FlowHandle Flow, FlowId Inbound, ulong Messages, FlowEndReason Reason)
{
    /// <summary>Which of a multicast flow's destinations was lost, for <see cref="TransportEventKind.DestinationLost"/>; otherwise none.</summary>
    public NodeId Destination { get; init; }
}
