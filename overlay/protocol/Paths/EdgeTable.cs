using WeCan.Contracts;

namespace WeCan.Protocol.Paths;

/// <summary>
/// Which edge each bit of a multicast packet's bit string means: a set number and a bit in it (docs/wire-format.md, section
/// 6.2), and back. Invariant: an index means at most one node, and a node has at most one index. Memory is taken by sets that
/// have members only, at most <see cref="PathLimits.MaxEdgeSets"/> of them.
/// </summary>
internal sealed class EdgeTable
{
    private readonly Dictionary<byte, NodeId[]> _sets = [];
    private readonly Dictionary<NodeId, (byte Set, byte Bit)> _indices = [];

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>The edge that a bit means, or none.</summary>
    public NodeId this[byte set, int bit] => _sets.TryGetValue(set, out var edges) ? edges[bit] : NodeId.None;

    /// <summary>Whether a set has members.</summary>
    public bool Has(byte set) => _sets.ContainsKey(set);

    /// <summary>Gives an index to a node, or with none takes it back. A node that had another loses that. False when there is no room for the set.</summary>
    public bool TrySet(byte set, byte bit, NodeId node)
    {
        if (!node.IsNone && !_sets.ContainsKey(set) && _sets.Count >= PathLimits.MaxEdgeSets)
            return false;
        Version++;
        Clear(set, bit);
        if (node.IsNone)
            return true;
        if (_indices.TryGetValue(node, out var before))
            Clear(before.Set, before.Bit);
        if (!_sets.TryGetValue(set, out var edges))
            _sets.Add(set, edges = new NodeId[256]);
        edges[bit] = node;
        _indices.Add(node, (set, bit));
        return true;
    }

    public bool TryGetIndex(NodeId node, out byte set, out byte bit)
    {
        var found = _indices.TryGetValue(node, out var index);
        (set, bit) = index;
        return found;
    }

    private void Clear(byte set, byte bit)
    {
        if (!_sets.TryGetValue(set, out var edges) || edges[bit].IsNone)
            return;
        _indices.Remove(edges[bit]);
        edges[bit] = NodeId.None;
        if (!edges.AsSpan().ContainsAnyExcept(NodeId.None))
            _sets.Remove(set);
    }
}
