using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// One route that a Realtime flow's packets take, and how far the flow's queue has gone out over it. A flow has a leg for
/// every route that it ever took; those that it takes now are active, and each sends every packet of the flow once.
/// </summary>
internal sealed class RealtimeLeg(RealtimeSender flow, Lane lane) : TransmitItem(lane)
{
    public int Token => Lane.RouteToken;

    public bool IsActive { get; set; }

    /// <summary>The flow's next packet to go out here. What lies before has gone, or was dropped.</summary>
    public uint Next { get; set; }

    public override bool WantsToSend => IsActive && Next != flow.QueueEnd;

    public override bool TryTransmit(MonoTime now, Span<byte> buffer, out TransportTransmit transmit, out int length) =>
        flow.TryTransmitOn(now, this, buffer, out transmit, out length);

    public override void HandleTimeout(MonoTime now)
    {
    }
}
