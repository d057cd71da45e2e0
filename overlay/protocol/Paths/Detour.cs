using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// Local repair: leads a packet around a next hop that cannot be used, by this node's own ranked ways to the packet's
/// destination. The way taken replaces the rest of the route, and the failed link is written into the packet.
/// Invariants: a route never holds a node twice, those passed included, so no packet goes in a circle; a packet lists at most two
/// failed links, and no node uses a link so listed; the hop budget stands whatever happens.
/// </summary>
internal sealed class Detour(NodeId self, NodeShared shared, RouteTable routes, Neighbours neighbours)
{
    /// <summary>
    /// The link that a packet leaves this node over, which stands just before the packet's place in its route. If it is
    /// not the one that the route names, the packet has been rewritten, perhaps into another buffer. False if no link is left: the packet is dropped then.
    /// </summary>
    public bool TryLead(MonoTime now, ref PacketBuffer packet, out LinkSlot slot)
    {
        var header = PathHeader.Of(packet.Packet, packet.Class);
        var next = header.Node(header.Place);
        var isNextAlive = neighbours.TryFind(now, next, mustBeProven: false, out slot) && !header.Lists(self, next);
        if (isNextAlive && slot.IsProven(now))
            return true;
        Span<FailedLink> failed = stackalloc FailedLink[WireLimits.MaxFailedLinks];
        var canTurn = TryList(header, next, failed, out var count) && HasRoom(header);
        if (canTurn && TryFindWay(now, header, packet.Class, failed[..count], mustBeProven: true, out var proven, out var way))
        {
            slot = proven;
            return TryRewrite(ref packet, way, failed[..count]);
        }

        if (isNextAlive)
            return true;
        if (canTurn && TryFindWay(now, header, packet.Class, failed[..count], mustBeProven: false, out slot, out way))
            return TryRewrite(ref packet, way, failed[..count]);
        neighbours.Drop(packet, canTurn ? DropReason.NoLink : DropReason.DetoursSpent);
        return false;
    }

    /// <summary>
    /// The first way to a destination that can be used, for a packet that starts here; if that is not the best one, <paramref name="failed"/>
    /// is the best one's first link.
    /// </summary>
    public bool TryStart(
        MonoTime now, NodeId destination, ServiceClass serviceClass, int token, uint others, out LinkSlot slot, out ReadOnlySpan<NodeId> way, out FailedLink? failed) =>
        TryStart(now, routes.WaysTo(destination, serviceClass, token, others), mustBeProven: true, out slot, out way, out failed) ||
        TryStart(now, routes.WaysTo(destination, serviceClass, token, others), mustBeProven: false, out slot, out way, out failed);

    private bool TryStart(
        MonoTime now, WayWalk walk, bool mustBeProven, out LinkSlot slot, out ReadOnlySpan<NodeId> way, out FailedLink? failed)
    {
        failed = null;
        slot = null!;
        while (walk.TryNext(out way))
        {
            if (neighbours.TryFind(now, way[1], mustBeProven, out slot))
                return true;
            failed ??= new FailedLink(self, way[1]);
        }

        return false;
    }

    private bool TryFindWay(
        MonoTime now, in PathHeader header, ServiceClass serviceClass, ReadOnlySpan<FailedLink> failed, bool mustBeProven, out LinkSlot slot, out ReadOnlySpan<NodeId> way)
    {
        slot = null!;
        var walk = routes.WaysTo(header.Destination, serviceClass, TransportTransmit.NoRoute);
        while (walk.TryNext(out way))
        {
            if (CanFollow(header, failed, way) && neighbours.TryFind(now, way[1], mustBeProven, out slot))
                return true;
        }

        return false;
    }

    /// <summary>The failed links that a packet will list: those that it does, and this one. False when there is no place for it.</summary>
    private bool TryList(in PathHeader header, NodeId next, Span<FailedLink> failed, out int count)
    {
        count = header.FailedCount;
        for (var i = 0; i < count; i++)
            failed[i] = header.FailedLink(i);
        if (header.Lists(self, next))
            return true;
        if (count == failed.Length)
            return false;
        failed[count++] = new(self, next);
        return true;
    }

    /// <summary>A node's own packets leave room for the longest head; another's may be longer.</summary>
    private static bool HasRoom(in PathHeader header) =>
        header.Payload.Length + WireLimits.MaxPathHeader <= WireLimits.MaxPathPacket;

    private static bool CanFollow(in PathHeader header, ReadOnlySpan<FailedLink> failed, ReadOnlySpan<NodeId> way)
    {
        var passed = header.Place - 1;
        if (passed + way.Length > WireLimits.MaxRouteNodes)
            return false;
        for (var i = 1; i < way.Length; i++)
        {
            if (header.HasPassed(way[i], passed))
                return false;
            foreach (var link in failed)
            {
                if (link.Joins(way[i - 1], way[i]))
                    return false;
            }
        }

        return true;
    }

    private bool TryRewrite(ref PacketBuffer packet, ReadOnlySpan<NodeId> way, ReadOnlySpan<FailedLink> failed)
    {
        if (packet.Length + WireLimits.MaxPathHeader > packet.Bytes.Length && !TryMove(ref packet))
            return false;
        packet.Length = PathHeader.Reroute(packet.Bytes, packet.Length, packet.Class, way, failed);
        packet.HopsAfter = (byte)(way.Length - 2);
        shared.Paths.Detours++;
        return true;
    }

    /// <summary>Moves a packet into a buffer with room for any head. False, and the packet dropped, when there is none.</summary>
    private bool TryMove(ref PacketBuffer packet)
    {
        if (packet.Bytes.Length == PacketPool.FullCapacity)
            return true;
        if (shared.Pool.TryRent(PacketPool.FullCapacity) is not { } larger)
        {
            neighbours.Drop(packet, DropReason.OutOfBuffers);
            return false;
        }

        packet.Packet.CopyTo(larger.Bytes);
        larger.Length = packet.Length;
        larger.Class = packet.Class;
        larger.Priority = packet.Priority;
        larger.Deadline = packet.Deadline;
        shared.Pool.Return(packet);
        packet = larger;
        return true;
    }
}
