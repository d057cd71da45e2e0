using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>Which other node stands at which place of the dense edge index, and where this one does. Grows with the highest index that is told.</summary>
internal sealed class MulticastEdges
{
    private readonly HashSet<NodeId> _sealed = [];
    private NodeId[] _nodes = [];

    /// <summary>This node's own place; below zero while it has none, and then no multicast with several priors can be read.</summary>
    public int Self { get; set; } = -1;

    /// <summary>The node at a place of the index, none where none is known.</summary>
    public NodeId this[int edge] => edge < _nodes.Length ? _nodes[edge] : NodeId.None;

    /// <summary>Whether nothing may go to a node in the clear, as every multicast does.</summary>
    public void SetSealed(NodeId node, bool isSealed)
    {
        if (isSealed)
            _sealed.Add(node);
        else
            _sealed.Remove(node);
    }

    /// <summary>Whether a multicast may go to a place: another node is known there, to which packets may go in the clear.</summary>
    public SendResult Judge(int edge) =>
        this[edge].IsNone ? SendResult.UnknownEdge : _sealed.Contains(this[edge]) ? SendResult.NeedsSealing : SendResult.Accepted;

    /// <summary>The same for all places of a set.</summary>
    public SendResult JudgeAll(EdgeSet edges)
    {
        for (var place = 0; place < edges.SetCount; place++)
        {
            var bits = edges.Bits(place);
            for (var edge = 0; edge < 256; edge++)
            {
                if ((bits[edge >> 6] & (1UL << (edge & 63))) != 0 && Judge((edges.SetNumber(place) * 256) + edge) is not SendResult.Accepted and var reason)
                    return reason;
            }
        }

        return SendResult.Accepted;
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
