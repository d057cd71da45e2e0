using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>Reads packets of multicast flows and brings them to their flow. docs/wire-format.md, sections 7.5 and 7.6.</summary>
internal sealed class MulticastDispatch(TransportShared shared, Peers peers, OutboundFlows outbound, InboundFlows inbound)
{
    private readonly InboundMulticasts _inbound = new(shared, inbound);

    /// <summary>False when the bytes cannot be read. A direct segment comes by unicast, any other by multicast.</summary>
    public bool TryHandleSegment(MonoTime now, NodeId origin, ServiceClass serviceClass, bool marked, ReadOnlySpan<byte> packet, bool isDirect)
    {
        if (!isDirect && shared.Edges.Self < 0)
        {
            shared.Counters.Drop(TransportDrop.NoEdge);
            return true;
        }

        if (!MulticastSegmentHeader.TryRead(packet, (byte)shared.Edges.Self, out var header, out var payload) || header.IsDirect != isDirect)
            return false;
        if (serviceClass is not (ServiceClass.Signal or ServiceClass.Bulk))
            shared.Counters.Drop(TransportDrop.WrongClass);
        else if (peers.TryObserve(now, origin, header.OriginEpoch, out var peer))
            _inbound.HandleSegment(now, peer, serviceClass, marked, header, payload);
        return true;
    }

    public bool TryHandleConfirm(MonoTime now, NodeId from, ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        var reader = new WireReader(packet);
        if (!MulticastConfirmEntry.TryReadHead(ref reader, out var life, out var self) || self > shared.Self || !IsWellFormed(reader))
            return false;
        if (serviceClass != ServiceClass.Control)
        {
            shared.Counters.Drop(TransportDrop.WrongClass);
            return true;
        }

        if (!peers.TryObserve(now, from, life, out var peer))
            return true;
        Span<SequenceRange> ranges = stackalloc SequenceRange[MulticastConfirmEntry.MaxRanges];
        while (!reader.IsAtEnd && MulticastConfirmEntry.TryRead(ref reader, ranges, out var entry, out var count))
        {
            if (self != shared.Self || Find(entry.Flow) is not { } flow || !flow.TryHandleConfirm(now, peer, life, entry, ranges[..count]))
                TellOver(now, peer, self, life, entry.Flow);
        }

        return true;
    }

    /// <summary>A destination says that it does not know one of this node's flows, or refuses it.</summary>
    public void HandleReset(MonoTime now, Peer from, in ResetPacket reset)
    {
        if (Find(reset.Flow - MulticastSegmentHeader.NumberBase) is { } flow)
            flow.HandleReset(now, from, reset);
        else
            shared.Counters.Drop(TransportDrop.UnknownFlow);
    }

    private static bool IsWellFormed(WireReader rest)
    {
        Span<SequenceRange> ranges = stackalloc SequenceRange[MulticastConfirmEntry.MaxRanges];
        do
        {
            if (!MulticastConfirmEntry.TryRead(ref rest, ranges, out _, out _))
                return false;
        }
        while (!rest.IsAtEnd);
        return true;
    }

    private MulticastSender? Find(uint number) => outbound.Find(NodeId.None, number) as MulticastSender;

    /// <summary>Who keeps a flow that is over here, or of which it is no destination any more, may let it go.</summary>
    private void TellOver(MonoTime now, Peer peer, BootEpoch self, BootEpoch life, uint flow)
    {
        shared.Counters.Drop(TransportDrop.UnknownFlow);
        peer.Answer(now, new ResetPacket
        {
            FromOrigin = true,
            OriginEpoch = self,
            Flow = flow + MulticastSegmentHeader.NumberBase,
            DestinationEpoch = life,
            Reason = ResetReason.Unknown,
        });
    }
}
