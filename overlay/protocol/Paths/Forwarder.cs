using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The path layer of one node: passes packets on along the route that they carry, hands those that have arrived to the
/// transport, and puts the route on those that start here. It keeps no state per flow. Invariants: a packet goes on only
/// from the peer that its route names, its hop budget falls at every node, and a Realtime packet that is late beyond
/// doubt goes nowhere.
/// </summary>
internal sealed class Forwarder(NodeId self, NodeShared shared, RouteTable routes)
{
    /// <summary>A path packet that came over the link of <paramref name="from"/>.</summary>
    public void HandlePacket(MonoTime now, LinkSlot from, ServiceClass serviceClass, ReadOnlySpan<byte> packet, TransportLayer transport)
    {
        if (from.Peer is not { } peer || PathHeader.KindOf(packet) == PathHeader.MulticastKind)
        {
            shared.Drops.Add(DropReason.UnsupportedKind);
            return;
        }

        if (!PathHeader.TryRead(packet, serviceClass, out var header))
        {
            shared.Drops.Add(DropReason.MalformedPath);
            return;
        }

        if (header.Node(header.Place) != self || header.Node(header.Place - 1) != peer.Id)
        {
            shared.Drops.Add(DropReason.MisroutedPacket);
            return;
        }

        if (header.Hops == 0)
        {
            shared.Drops.Add(DropReason.HopsSpent);
            return;
        }

        var deadline = MonoTime.Never;
        if (serviceClass == ServiceClass.Realtime)
        {
            deadline = from.Link.Clock.ToLocal(header.Deadline, now, from.Link.ClockRtt, now + NodeLimits.DefaultDeadline);
            if (deadline + (from.Link.ClockRtt / 2) < now)
            {
                shared.Drops.Add(DropReason.Expired);
                return;
            }
        }

        if (header.IsAtDestination)
            transport.HandlePacket(now, header.Origin, serviceClass, deadline, header.Marked, header.Payload);
        else
            PassOn(now, header, serviceClass, deadline, packet);
    }

    /// <summary>Whether the first hop of a route can take one more packet that starts here.</summary>
    public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass)
    {
        if (!shared.Pool.HasRoom || !TryFindRoute(destination, routeToken, out _, out var slot))
            return false;
        var queued = slot.Link.QueuedPackets(serviceClass);
        return queued < (serviceClass == ServiceClass.Realtime ? NodeLimits.FirstHopRealtimeQueue : NodeLimits.FirstHopQueue);
    }

    /// <summary>Puts the route before a payload that starts here, and sends it.</summary>
    public void Originate(MonoTime now, in TransportTransmit transmit, ReadOnlySpan<byte> payload)
    {
        if (!TryFindRoute(transmit.Destination, transmit.RouteToken, out var chosen, out var slot))
        {
            shared.Drops.Add(DropReason.NoLink);
            return;
        }

        scoped ReadOnlySpan<NodeId> route = [self, transmit.Destination];
        if (!chosen.IsEmpty)
            route = chosen;
        var headerLength = PathHeader.LengthOf(route.Length, transmit.Class);
        if (shared.Pool.TryRent(headerLength + payload.Length) is not { } packet)
        {
            shared.Drops.Add(DropReason.OutOfBuffers);
            return;
        }

        PathHeader.Write(packet.Packet, transmit.Class, transmit.Priority, NodeLimits.Hops, route);
        payload.CopyTo(packet.Packet[headerLength..]);
        packet.Class = transmit.Class;
        packet.Priority = transmit.Priority;
        packet.HopsAfter = (byte)(route.Length - 2);
        Send(now, slot, packet, transmit.Deadline);
    }

    private void PassOn(MonoTime now, in PathHeader header, ServiceClass serviceClass, MonoTime deadline, ReadOnlySpan<byte> packet)
    {
        if (header.Hops <= 1)
        {
            shared.Drops.Add(DropReason.HopsSpent);
            return;
        }

        if (!TryFindLink(header.Node(header.Place + 1), out var slot))
        {
            shared.Drops.Add(DropReason.NoLink);
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
        copy.HopsAfter = (byte)(header.NodeCount - 2 - header.Place);
        Send(now, slot, copy, deadline);
    }

    private void Send(MonoTime now, LinkSlot slot, PacketBuffer packet, MonoTime deadline)
    {
        if (packet.Class == ServiceClass.Realtime)
        {
            packet.Deadline = deadline;
            PathHeader.WriteDeadline(packet.Packet, ClockOffset.ToWire(deadline));
        }

        if (slot.Link.IsOverThreshold(packet.Class))
            PathHeader.Mark(packet.Packet);
        slot.Link.Enqueue(now, packet);
        shared.Schedule.MarkReady(slot);
    }

    /// <summary>
    /// The route that a token names, if its first hop lives; else the first by rank whose first hop does. Empty for a
    /// destination without routes, which is the next node itself.
    /// </summary>
    private bool TryFindRoute(NodeId destination, int token, out ReadOnlySpan<NodeId> route, out LinkSlot slot)
    {
        if (routes.TryGet(destination, token, out route) && TryFindLink(route[1], out slot))
            return true;
        var hasRoutes = false;
        for (var other = 0; other < WireLimits.MaxRoutes; other++)
        {
            if (!routes.TryGet(destination, other, out route))
                continue;
            hasRoutes = true;
            if (TryFindLink(route[1], out slot))
                return true;
        }

        route = default;
        slot = null!;
        return !hasRoutes && TryFindLink(destination, out slot);
    }

    private bool TryFindLink(NodeId node, out LinkSlot slot)
    {
        if (shared.Peers.TryGet(node, out var peer) && peer.Active is { } active)
        {
            slot = active;
            return true;
        }

        slot = null!;
        return false;
    }
}
