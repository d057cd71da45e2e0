using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>Reads what comes from the path and brings it to its flow. docs/wire-format.md, section 7.</summary>
internal sealed class TransportDispatch(TransportShared shared, Peers peers, OutboundFlows outbound, InboundFlows inbound)
{
    private readonly MulticastDispatch _multicast = new(shared, peers, outbound, inbound);

    public void HandlePacket(
        MonoTime now, NodeId origin, ServiceClass serviceClass, MonoTime deadline, bool marked, ReadOnlySpan<byte> packet, bool strained)
    {
        shared.Counters.PacketsReceived++;
        var type = packet.IsEmpty || origin.IsNone ? 0 : packet[0] >> 4;
        var isRead = type switch
        {
            1 => TryHandleStream(now, origin, serviceClass, marked, packet),
            2 => TryHandleConfirm(now, origin, serviceClass, packet),
            3 => TryHandleReset(now, origin, serviceClass, packet),
            4 => TryHandleRealtime(now, origin, serviceClass, deadline, marked, strained, packet, isMulticast: false),
            5 => _multicast.TryHandleSegment(now, origin, serviceClass, marked, packet, isDirect: true),
            6 => _multicast.TryHandleConfirm(now, origin, serviceClass, packet),
            7 => TryHandleReport(now, origin, serviceClass, packet),
            _ => false,
        };
        if (!isRead)
            shared.Counters.Drop(TransportDrop.Malformed);
    }

    public void HandleMulticastPacket(
        MonoTime now, NodeId origin, ServiceClass serviceClass, MonoTime deadline, bool marked, ReadOnlySpan<byte> packet)
    {
        shared.Counters.PacketsReceived++;
        var type = packet.IsEmpty || origin.IsNone ? 0 : packet[0] >> 4;
        var isRead = type switch
        {
            4 => TryHandleRealtime(now, origin, serviceClass, deadline, marked, strained: false, packet, isMulticast: true),
            5 => _multicast.TryHandleSegment(now, origin, serviceClass, marked, packet, isDirect: false),
            _ => false,
        };
        if (!isRead)
            shared.Counters.Drop(TransportDrop.Malformed);
    }

    private bool TryHandleStream(MonoTime now, NodeId origin, ServiceClass serviceClass, bool marked, ReadOnlySpan<byte> packet)
    {
        if (!StreamHeader.TryRead(packet, out var header, out var payload))
            return false;
        if (serviceClass is not (ServiceClass.Signal or ServiceClass.Bulk))
            shared.Counters.Drop(TransportDrop.WrongClass);
        else if (peers.TryObserve(now, origin, header.OriginEpoch, out var peer))
            inbound.HandleStream(now, peer, serviceClass, marked, header, payload);
        return true;
    }

    private bool TryHandleRealtime(
        MonoTime now, NodeId origin, ServiceClass serviceClass, MonoTime deadline, bool marked, bool strained, ReadOnlySpan<byte> packet, bool isMulticast)
    {
        if (!RealtimeHeader.TryRead(packet, out var header, out var payload) || header.Flow >= MulticastSegmentHeader.NumberBase)
            return false;
        if (serviceClass == ServiceClass.Realtime && deadline.IsNever)
            return false;
        if (serviceClass != ServiceClass.Realtime)
            shared.Counters.Drop(TransportDrop.WrongClass);
        else if (peers.TryObserve(now, origin, header.OriginEpoch, out var peer))
            inbound.HandleRealtime(now, peer, deadline, marked, strained, isMulticast ? Renumbered(header) : header, payload);
        return true;
    }

    private bool TryHandleConfirm(MonoTime now, NodeId from, ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        Span<SegmentRange> ranges = stackalloc SegmentRange[ConfirmFrame.MaxRanges];
        if (!ConfirmFrame.TryRead(packet, ranges, out var frame, out var count) || frame.OriginEpoch > shared.Self)
            return false;
        if (serviceClass != ServiceClass.Control)
        {
            shared.Counters.Drop(TransportDrop.WrongClass);
            return true;
        }

        if (!peers.TryObserve(now, from, frame.DestinationEpoch, out var peer))
            return true;
        var flow = frame.OriginEpoch == shared.Self ? outbound.Find(from, frame.Flow) : null;
        if (flow is StreamSender sender)
        {
            sender.HandleConfirm(now, frame, ranges[..count]);
            return true;
        }

        shared.Counters.Drop(TransportDrop.UnknownFlow);
        if (flow is null)
            TellOver(now, peer, frame);
        return true;
    }

    private bool TryHandleReport(MonoTime now, NodeId from, ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        Span<ReportEntry> entries = stackalloc ReportEntry[ReportPacket.MaxEntries];
        if (!ReportPacket.TryRead(packet, entries, out var report, out var count) || report.OriginEpoch > shared.Self)
            return false;
        if (serviceClass != ServiceClass.Control)
        {
            shared.Counters.Drop(TransportDrop.WrongClass);
            return true;
        }

        if (!peers.TryObserve(now, from, report.ReporterEpoch, out _))
            return true;
        if (report.OriginEpoch != shared.Self)
        {
            shared.Counters.Drop(TransportDrop.StaleLife);
            return true;
        }

        shared.Counters.ReportsReceived++;
        foreach (var entry in entries[..count])
        {
            if (outbound.Find(from, entry.Flow) is RealtimeSender sender)
                sender.HandleReport(now, entry);
            else
                shared.Counters.Drop(TransportDrop.UnknownFlow);
        }

        return true;
    }

    private bool TryHandleReset(MonoTime now, NodeId from, ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        if (!ResetPacket.TryRead(packet, out var reset) || (!reset.FromOrigin && reset.OriginEpoch > shared.Self))
            return false;
        if (serviceClass != ServiceClass.Control)
        {
            shared.Counters.Drop(TransportDrop.WrongClass);
            return true;
        }

        if (!peers.TryObserve(now, from, reset.FromOrigin ? reset.OriginEpoch : reset.DestinationEpoch, out var peer))
            return true;
        if (reset.FromOrigin)
            inbound.HandleEnd(now, peer, reset);
        else if (reset.OriginEpoch == shared.Self)
            HandleAnswer(now, peer, reset);
        else
            shared.Counters.Drop(TransportDrop.StaleLife);
        return true;
    }

    /// <summary>Flows to many are numbered apart, and named with the base added wherever they meet the others.</summary>
    private static RealtimeHeader Renumbered(in RealtimeHeader header) =>
        header with { Flow = header.Flow + MulticastSegmentHeader.NumberBase };

    private void HandleAnswer(MonoTime now, Peer from, in ResetPacket reset)
    {
        switch (outbound.Find(from.Id, reset.Flow))
        {
            case StreamSender sender:
                sender.HandleReset(now, reset);
                break;
            case RealtimeSender sender when reset.Reason is ResetReason.NoRoom or ResetReason.Unknown:
                sender.End(now, reset.Reason == ResetReason.NoRoom ? FlowEndReason.Refused : FlowEndReason.Forgotten);
                break;
            case EndNotice notice:
                notice.Stop();
                break;
            case null when reset.Flow >= MulticastSegmentHeader.NumberBase:
                _multicast.HandleReset(now, from, reset);
                break;
            default:
                shared.Counters.Drop(TransportDrop.UnknownFlow);
                break;
        }
    }

    /// <summary>A destination still keeps a flow that is over here, or was an earlier life's: it may let it go.</summary>
    private static void TellOver(MonoTime now, Peer peer, in ConfirmFrame frame) => peer.Answer(now, new ResetPacket
    {
        FromOrigin = true,
        OriginEpoch = frame.OriginEpoch,
        Flow = frame.Flow,
        DestinationEpoch = frame.DestinationEpoch,
        Reason = ResetReason.Unknown,
    });
}
