using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>Which other node stands at which place of the dense edge index, and where this one does. Grows with the highest index that is told.</summary>
internal sealed class MulticastEdges
{
    private NodeId[] _nodes = [];

    /// <summary>This node's own place; below zero while it has none, and then no multicast with several priors can be read.</summary>
    public int Self { get; set; } = -1;

    /// <summary>The node at a place of the index, none where none is known.</summary>
    public NodeId this[int edge] => edge < _nodes.Length ? _nodes[edge] : NodeId.None;

    /// <summary>Whether at all places of a set another node is known.</summary>
    public bool KnowsAll(EdgeSet edges)
    {
        for (var place = 0; place < edges.SetCount; place++)
        {
            var bits = edges.Bits(place);
            for (var edge = 0; edge < 256; edge++)
            {
                if ((bits[edge >> 6] & (1UL << (edge & 63))) != 0 && this[(edges.SetNumber(place) * 256) + edge].IsNone)
                    return false;
            }
        }

        return true;
    }

    /// <summary>Where a node stands; below zero if nowhere.</summary>
    public int IndexOf(NodeId node) => node.IsNone ? -1 : Array.IndexOf(_nodes, node);

    /// <summary>Gives a place to a node, which has no other then.</summary>
    public void Set(ushort edge, NodeId node)
    {
        if (IndexOf(node) is var old and >= 0)
            _nodes[old] = NodeId.None;
        if (edge >= _nodes.Length)
            Array.Resize(ref _nodes, (edge | 0xFF) + 1);
        _nodes[edge] = node;
    }
}
