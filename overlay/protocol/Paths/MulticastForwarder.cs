using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// The path layer of one node for packets to a set of edges (docs/wire-format.md, section 6.2): takes out its own bit and hands the
/// payload to the transport, splits the rest by next hop, and sends one copy over each, with that hop's bits alone. It keeps no
/// state per packet, group or flow. Invariants: the copies' sets are disjoint parts of the packet's, so that at any time at
/// most one copy in the overlay is on its way to an edge, and no table, however wrong, makes packets more; no copy goes back to
/// the peer that it came from, nor to the origin; the hop budget falls at every node. docs/decisions/0013 says what
/// this leaves open.
/// </summary>
internal sealed class MulticastForwarder(NodeId self, NodeShared shared, EdgeTable edges, MulticastSplit split, Neighbours neighbours)
{
    /// <summary>The links that the last packet that started here went over.</summary>
    private readonly List<LinkSlot> _firstHops = [];

    /// <summary>A path packet that came over a peer's link.</summary>
    public void HandlePacket(MonoTime now, LinkSlot from, NodeId peer, ServiceClass serviceClass, ReadOnlySpan<byte> packet, TransportLayer transport)
    {
        shared.Paths.AddIn(serviceClass, packet.Length);
        if (!MulticastHeader.TryRead(packet, serviceClass, out var header))
        {
            shared.Drops.Add(DropReason.MalformedPath);
            return;
        }

        if (header.Origin == self)
        {
            shared.Drops.Add(DropReason.Looped);
            return;
        }

        if (header.Hops == 0)
        {
            shared.Drops.Add(DropReason.HopsSpent);
            return;
        }

        if (!neighbours.TryReadDeadline(now, from, serviceClass, header.Deadline, out var deadline))
            return;
        Span<byte> bits = stackalloc byte[MulticastHeader.MaxBits];
        bits.Clear();
        header.Bits.CopyTo(bits);
        if (edges.TryGetIndex(self, out var set, out var bit) && set == header.Set && EdgeBits.TryTake(bits, bit))
            transport.HandleMulticastPacket(now, header.Origin, serviceClass, deadline, header.Marked, header.Payload);
        if (!bits.ContainsAnyExcept((byte)0))
            return;
        if (header.Hops == 1)
            shared.Drops.Add(DropReason.HopsSpent);
        else
            Split(now, new(header, serviceClass, deadline, peer) { Hops = (byte)(Math.Min(header.Hops, WireLimits.MaxMulticastHops) - 1) }, bits, header.Payload);
    }

    /// <summary>
    /// Whether more can start here: as long as one of the first hops that the last packet took has room. One that has none
    /// does not hold up the others' edges; beyond its queue, what is for it is dropped.
    /// </summary>
    public bool HasRoom(ServiceClass serviceClass)
    {
        if (!shared.Pool.HasRoom)
            return false;
        var most = serviceClass == ServiceClass.Realtime ? NodeLimits.FirstHopRealtimeQueue : NodeLimits.FirstHopQueue;
        foreach (var slot in _firstHops)
        {
            if (slot.Link.QueuedPackets(serviceClass) < most)
                return true;
        }

        return _firstHops.Count == 0;
    }

    /// <summary>
    /// Sends a payload that starts here, of at most <see cref="MulticastHeader.MaxPayload"/> bytes, to edges of one set: <paramref name="bits"/> is
    /// their bit string, of up to 32 bytes. Edges that no link leads to, or that this node does not know, are dropped and counted.
    /// </summary>
    public void Originate(
        MonoTime now, ServiceClass serviceClass, byte priority, MonoTime deadline, byte set, ReadOnlySpan<byte> bits, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MulticastHeader.MaxPayload)
            throw new ArgumentException($"A multicast payload has at most {MulticastHeader.MaxPayload} bytes; this has {payload.Length}.", nameof(payload));
        Span<byte> all = stackalloc byte[MulticastHeader.MaxBits];
        all.Clear();
        bits.CopyTo(all);
        _firstHops.Clear();
        Split(now, new(self, set, serviceClass, priority, WireLimits.MaxMulticastHops, deadline), all, payload);
    }

    /// <summary>Sends a copy on that this node had given to a link which has died since. Takes ownership of it.</summary>
    public void Resume(MonoTime now, PacketBuffer packet)
    {
        if (MulticastHeader.TryRead(packet.Packet, packet.Class, out var header))
        {
            Span<byte> bits = stackalloc byte[MulticastHeader.MaxBits];
            bits.Clear();
            header.Bits.CopyTo(bits);
            Split(now, new(header, packet.Class, packet.Deadline, packet.From) { IsStranded = true }, bits, header.Payload);
        }

        shared.Pool.Return(packet);
    }

    /// <summary>One copy over each link that leads to some of the edges.</summary>
    private void Split(MonoTime now, in MulticastCopy copy, Span<byte> bits, ReadOnlySpan<byte> payload)
    {
        shared.Paths.MulticastPackets++;
        var parts = split.Begin(now, copy, bits, out var count);
        for (var i = 0; i < count; i++)
            SendCopy(now, parts[i], copy, payload);
        split.End();
    }

    private void SendCopy(MonoTime now, MulticastPart part, in MulticastCopy copy, ReadOnlySpan<byte> payload)
    {
        var headerLength = MulticastHeader.LengthOf(part.Bits, copy.Class);
        if (shared.Pool.TryRent(headerLength + payload.Length) is not { } packet)
        {
            shared.Drops.Add(DropReason.OutOfBuffers);
            return;
        }

        MulticastHeader.Write(packet.Packet, copy.Class, copy.Priority, copy.Hops, copy.Origin, copy.Set, part.Bits);
        payload.CopyTo(packet.Packet[headerLength..]);
        if (copy.Marked)
            PathHeader.Mark(packet.Packet);
        packet.Class = copy.Class;
        packet.Priority = copy.Priority;
        packet.Deadline = copy.Deadline;
        packet.HopsAfter = part.HopsAfter;
        packet.From = copy.From;
        if (!copy.From.IsNone)
            shared.Paths.AddForwarded(copy.Class, headerLength + payload.Length);
        else if (!copy.IsStranded)
            _firstHops.Add(part.Link!);
        shared.Paths.MulticastCopies++;
        if (copy.IsStranded)
            neighbours.SendStranded(now, part.Link!, packet);
        else
            neighbours.Send(now, part.Link!, packet);
    }
}
