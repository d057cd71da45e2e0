using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The path layer of one node for packets with a source route: passes them on along it, hands those that have arrived to
/// the transport, and puts the route on those that start here. It keeps no state per flow. Invariants: a packet goes on only
/// from the peer that its route names, its hop budget falls at every node, and a Realtime packet that is late beyond
/// doubt goes nowhere. Where the next hop cannot be used, <see cref="Detour"/> leads around it.
/// </summary>
internal sealed class Forwarder(NodeId self, NodeShared shared, Neighbours neighbours, Detour detour)
{
    /// <summary>A path packet that came over a peer's link.</summary>
    public void HandlePacket(MonoTime now, LinkSlot from, NodeId peer, ServiceClass serviceClass, ReadOnlySpan<byte> packet, TransportLayer transport)
    {
        shared.Paths.AddIn(serviceClass, packet.Length);
        if (!PathHeader.TryRead(packet, serviceClass, out var header))
        {
            shared.Drops.Add(DropReason.MalformedPath);
            return;
        }

        if (header.Node(header.Place) != self || header.Node(header.Place - 1) != peer)
        {
            shared.Drops.Add(DropReason.MisroutedPacket);
            return;
        }

        if (header.Hops == 0)
        {
            shared.Drops.Add(DropReason.HopsSpent);
            return;
        }

        if (!neighbours.TryReadDeadline(now, from, serviceClass, header.Deadline, out var deadline))
            return;
        if (header.IsAtDestination)
            transport.HandlePacket(now, header.Origin, serviceClass, deadline, header.Marked, header.Payload, header.Strained);
        else
            PassOn(now, header, serviceClass, deadline, packet);
    }

    /// <summary>Whether the first hop of a route can take one more packet that starts here.</summary>
    public bool HasRoom(MonoTime now, NodeId destination, int routeToken, ServiceClass serviceClass)
    {
        if (!shared.Pool.HasRoom || !detour.TryStart(now, destination, serviceClass, routeToken, others: 0, out var slot, out _, out _))
            return false;
        var queued = slot.Link.QueuedPackets(serviceClass);
        return queued < (serviceClass == ServiceClass.Realtime ? NodeLimits.FirstHopRealtimeQueue : NodeLimits.FirstHopQueue);
    }

    /// <summary>Puts the route before a payload that starts here, and sends it. True where its first hop is strained.</summary>
    public bool Originate(MonoTime now, in TransportTransmit transmit, ReadOnlySpan<byte> payload)
    {
        if (!detour.TryStart(now, transmit.Destination, transmit.Class, transmit.RouteToken, transmit.Twins, out var slot, out var route, out var avoided))
        {
            // A copy that goes another way needs no second one beside it.
            if (transmit.Twins == 0)
                shared.Drops.Add(DropReason.NoLink);
            return false;
        }

        ReadOnlySpan<FailedLink> failed = avoided is { } link ? [link] : [];
        var headerLength = PathHeader.LengthOf(route.Length, failed.Length, transmit.Class);
        if (shared.Pool.TryRent(headerLength + payload.Length) is not { } packet)
        {
            shared.Drops.Add(DropReason.OutOfBuffers);
            return false;
        }

        shared.Paths.Detours += failed.Length;
        PathHeader.Write(packet.Packet, transmit.Class, transmit.Priority, NodeLimits.Hops, route, failed);
        payload.CopyTo(packet.Packet[headerLength..]);
        packet.Class = transmit.Class;
        packet.Priority = transmit.Priority;
        packet.Deadline = transmit.Deadline;
        packet.HeldSince = transmit.HeldSince;
        packet.HasTwin = transmit.Twins != 0;
        packet.HopsAfter = (byte)(route.Length - 2);
        return neighbours.Send(now, slot, packet);
    }

    /// <summary>Sends a packet on that this node had given to a link which has died since. Takes ownership of it.</summary>
    public void Resume(MonoTime now, PacketBuffer packet)
    {
        if (detour.TryLead(now, ref packet, out var slot))
            neighbours.SendStranded(now, slot, packet);
    }

    private void PassOn(MonoTime now, in PathHeader header, ServiceClass serviceClass, MonoTime deadline, ReadOnlySpan<byte> packet)
    {
        if (header.Hops <= 1)
        {
            shared.Drops.Add(DropReason.HopsSpent);
            return;
        }

        var copy = shared.Pool.TryRent(packet.Length);
        if (copy is null)
        {
            shared.Drops.Add(DropReason.OutOfBuffers);
            return;
        }

        packet.CopyTo(copy.Packet);
        PathHeader.Advance(copy.Packet);
        copy.Class = serviceClass;
        copy.Priority = header.Priority;
        copy.Deadline = deadline;
        copy.HopsAfter = (byte)(header.NodeCount - 2 - header.Place);
        if (!detour.TryLead(now, ref copy, out var slot))
            return;
        shared.Paths.AddForwarded(serviceClass, copy.Length);
        neighbours.Send(now, slot, copy);
    }
}
