using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The adjacent nodes as the path layer sees them: which of them a packet can be handed to, the handing over, and what a
/// deadline means that came from one.
/// </summary>
internal sealed class Neighbours(NodeShared shared)
{
    /// <summary>The link to a node, if there is one that can be used: one that lives or, if so wanted, that has proven itself since it died.</summary>
    public bool TryFind(MonoTime now, NodeId node, bool mustBeProven, out LinkSlot slot)
    {
        slot = null!;
        if (!shared.Peers.TryGet(node, out var peer))
            return false;
        if (peer.Active is not { Link.IsDead: false } active)
        {
            peer.WantedAt = now;
            return false;
        }

        slot = active;
        return !mustBeProven || active.IsProven(now);
    }

    /// <summary>
    /// Puts a packet on a link, which owns it from then on: with its deadline in the link's clock, marked if the queue is long, and saying
    /// so, as the result does, if it is Realtime to one destination and the link is strained.
    /// </summary>
    public bool Send(MonoTime now, LinkSlot slot, PacketBuffer packet)
    {
        var isStrained = false;
        if (packet.Class == ServiceClass.Realtime)
        {
            PathHeader.WriteDeadline(packet.Packet, ClockOffset.ToWire(packet.Deadline));
            isStrained = PathHeader.KindOf(packet.Packet) == PathHeader.UnicastKind && slot.Link.IsStrained(now, packet);
            if (isStrained)
                PathHeader.SayStrained(packet.Packet);
        }

        if (slot.Link.IsOverThreshold(now, packet.Class))
            PathHeader.Mark(packet.Packet);
        shared.Paths.AddOut(packet.Class, packet.Packet.Length);
        slot.Link.Enqueue(now, packet);
        shared.Schedule.MarkReady(slot);
        return isStrained;
    }

    /// <summary>
    /// Sends what a dead link held over another one, unless that has its queue full: a stranded packet does not push out
    /// what waits in its own right, so one link's end cannot flood another.
    /// </summary>
    public void SendStranded(MonoTime now, LinkSlot slot, PacketBuffer packet)
    {
        if (slot.Link.QueuedPackets(packet.Class) < LinkLimits.MaxQueuedPackets)
            Send(now, slot, packet);
        else
            Drop(packet, DropReason.QueueFull);
    }

    /// <summary>
    /// What a packet's deadline is on this node's clock, Never where its class has none. False for a Realtime packet that is
    /// late beyond what the clocks' offset may err, which is counted.
    /// </summary>
    public bool TryReadDeadline(MonoTime now, LinkSlot from, ServiceClass serviceClass, uint wire, out MonoTime deadline)
    {
        deadline = MonoTime.Never;
        if (serviceClass != ServiceClass.Realtime)
            return true;
        deadline = from.Link.Clock.ToLocal(wire, now, now + NodeLimits.DefaultDeadline);
        if (deadline + from.Link.Clock.Error(now) >= now)
            return true;
        shared.Drops.Add(DropReason.Expired);
        return false;
    }

    public void Drop(PacketBuffer packet, DropReason reason)
    {
        shared.Drops.Add(reason);
        shared.Pool.Return(packet);
    }
}
