using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Clients;

/// <summary>What both ends of a client's link do with its packets: docs/wire-format.md, section 6.3.</summary>
internal static class ClientLink
{
    /// <summary>
    /// The transport packet in what came over the link, and its deadline on this end's clock, Never where the class has none. False, and
    /// counted, for anything else, and for a Realtime packet that is late beyond what the clocks' offset may err.
    /// </summary>
    public static bool TryRead(
        MonoTime now, Link link, ServiceClass serviceClass, ReadOnlySpan<byte> bytes, DropCounters drops, out ClientPacket packet, out MonoTime deadline)
    {
        deadline = MonoTime.Never;
        if (!ClientPacket.TryRead(bytes, serviceClass, out packet))
        {
            drops.Add(DropReason.UnsupportedKind);
            return false;
        }

        if (serviceClass != ServiceClass.Realtime)
            return true;
        deadline = link.Clock.ToLocal(packet.Deadline, now, now + NodeLimits.DefaultDeadline);
        if (deadline + link.Clock.Error(now) >= now)
            return true;
        drops.Add(DropReason.Expired);
        return false;
    }

    /// <summary>Puts a transport packet on the link.</summary>
    public static void Send(MonoTime now, Link link, PacketPool pool, DropCounters drops, in TransportTransmit transmit, ReadOnlySpan<byte> payload)
    {
        var header = ClientPacket.HeaderOf(transmit.Class);
        if (pool.TryRent(header + payload.Length) is not { } packet)
        {
            drops.Add(DropReason.OutOfBuffers);
            return;
        }

        var deadline = transmit.Class == ServiceClass.Realtime ? ClockOffset.ToWire(transmit.Deadline) : 0;
        ClientPacket.Write(packet.Packet, transmit.Class, transmit.Priority, deadline);
        payload.CopyTo(packet.Packet[header..]);
        packet.Class = transmit.Class;
        packet.Priority = transmit.Priority;
        packet.Deadline = transmit.Deadline;
        packet.HeldSince = transmit.HeldSince;
        link.Enqueue(now, packet);
    }

    /// <summary>
    /// Whether the link has room for one more packet of a class: its queue is short, and what it holds is a fair share of the free packet memory, as an end
    /// that acknowledges nothing keeps what is in flight. One packet it may always hold.
    /// </summary>
    public static bool HasRoom(Link link, PacketPool pool, ServiceClass serviceClass)
    {
        var held = link.HeldPackets(serviceClass);
        return held == 0
            || (link.QueuedPackets(serviceClass) < (serviceClass == ServiceClass.Realtime ? ClientLimits.LinkRealtimeQueue : ClientLimits.LinkQueue)
                && held < new FairShare(ClientLimits.PacketParts).Of(pool.FreeBytes, pool.LimitBytes) / PacketPool.FullCapacity);
    }
}
