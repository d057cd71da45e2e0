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

    /// <summary>Gives a place to a node, which has no other then.</summary>
    public void Set(ushort edge, NodeId node)
    {
        if (!node.IsNone && Array.IndexOf(_nodes, node) is var old and >= 0)
            _nodes[old] = NodeId.None;
        if (edge >= _nodes.Length)
            Array.Resize(ref _nodes, (edge | 0xFF) + 1);
        _nodes[edge] = node;
    }
}
