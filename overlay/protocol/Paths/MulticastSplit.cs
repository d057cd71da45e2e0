using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Paths;

/// <summary>
/// Splits the edges of a multicast packet by the link that leads to each: first by the masks of the best next hops, then,
/// where such a hop cannot be used, edge by edge over the node's other ways. Invariants: each edge comes into one part at most,
/// each link has one part at most, and no part's link leads to the origin or to the peer that the packet came from.
/// </summary>
internal sealed class MulticastSplit(NodeId self, NodeShared shared, RouteTable routes, EdgeTable edges, Neighbours neighbours)
{
    private readonly Dictionary<byte, NextHopMasks> _masks = [];
    private readonly List<MulticastPart> _parts = [];
    private int _count;

    /// <summary>
    /// The parts of a packet, lent until <see cref="End"/>. Edges that no link leads to, and those that a packet has no business
    /// to be for, are dropped and counted. <paramref name="bits"/> is used up.
    /// </summary>
    public IReadOnlyList<MulticastPart> Begin(MonoTime now, in MulticastCopy copy, Span<byte> bits, out int count)
    {
        Refuse(self, copy.Set, bits);
        Refuse(copy.Origin, copy.Set, bits);
        Refuse(copy.From, copy.Set, bits);
        var masks = MasksOf(copy.Set);
        for (var hop = 0; masks is not null && hop < masks.Count; hop++)
        {
            if (!EdgeBits.Overlaps(bits, masks.Mask(hop)) || !TryFind(now, copy, masks.Hop(hop), mustBeProven: true, out var link))
                continue;
            var part = PartOf(link);
            EdgeBits.Move(bits, masks.Mask(hop), part.Bits);
            part.Reach(masks.HopsAfter(hop));
        }

        for (var bit = EdgeBits.Next(bits, 0); bit >= 0; bit = EdgeBits.Next(bits, bit + 1))
        {
            var edge = edges[copy.Set, bit];
            if (edge.IsNone)
                shared.Drops.Add(DropReason.UnknownEdge);
            else if (!TryPlace(now, copy, bit, edge, mustBeProven: true) && !TryPlace(now, copy, bit, edge, mustBeProven: false))
                shared.Drops.Add(DropReason.NoLink);
        }

        count = _count;
        return _parts;
    }

    public void End()
    {
        for (var i = 0; i < _count; i++)
            _parts[i].End();
        _count = 0;
    }

    /// <summary>A packet for its own origin, for the peer that it came from, or back for this node has taken a wrong way.</summary>
    private void Refuse(NodeId node, byte set, Span<byte> bits)
    {
        if (edges.TryGetIndex(node, out var place, out var bit) && place == set && EdgeBits.TryTake(bits, bit))
            shared.Drops.Add(DropReason.Looped);
    }

    /// <summary>Masks are kept for sets that have members; for another a liar's number makes none.</summary>
    private NextHopMasks? MasksOf(byte set)
    {
        if (!edges.Has(set))
        {
            _masks.Remove(set);
            return null;
        }

        if (!_masks.TryGetValue(set, out var masks))
            _masks.Add(set, masks = new NextHopMasks());
        masks.Update(set, edges, routes);
        return masks;
    }

    private bool TryPlace(MonoTime now, in MulticastCopy copy, int bit, NodeId edge, bool mustBeProven)
    {
        var walk = routes.WaysTo(edge, ServiceClass.Signal, TransportTransmit.NoRoute);
        while (walk.TryNext(out var way))
        {
            if (!TryFind(now, copy, way[1], mustBeProven, out var link))
                continue;
            var part = PartOf(link);
            EdgeBits.Put(part.Bits, bit);
            part.Reach((byte)(way.Length - 2));
            return true;
        }

        return false;
    }

    private bool TryFind(MonoTime now, in MulticastCopy copy, NodeId hop, bool mustBeProven, out LinkSlot link)
    {
        link = null!;
        return hop != copy.From && hop != copy.Origin && neighbours.TryFind(now, hop, mustBeProven, out link);
    }

    private MulticastPart PartOf(LinkSlot link)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_parts[i].Link == link)
                return _parts[i];
        }

        if (_count == _parts.Count)
            _parts.Add(new MulticastPart());
        var part = _parts[_count++];
        part.Begin(link);
        return part;
    }
}
