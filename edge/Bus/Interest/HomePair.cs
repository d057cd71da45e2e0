using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>The two homes of a space, none where there are no two edges.</summary>
internal readonly record struct HomePair(NodeId First, NodeId Second)
{
    public bool Contains(NodeId edge) => !edge.IsNone && (edge == First || edge == Second);

    /// <summary>The home that is not this one.</summary>
    public NodeId Other(NodeId edge) => edge == First ? Second : First;

    /// <summary>
    /// The two of highest weight, the lower number where two weigh the same. All edges reckon alike: docs/wire-format.md, section 11.
    /// </summary>
    public static HomePair Of(ReadOnlySpan<byte> space, ReadOnlySpan<NodeId> edges)
    {
        var name = HashOf(space);
        (NodeId Edge, ulong Weight) first = default, second = default;
        foreach (var edge in edges)
        {
            var weight = WeightOf(name, edge);
            if (IsBefore(edge, weight, first))
                (first, second) = ((edge, weight), first);
            else if (IsBefore(edge, weight, second))
                second = (edge, weight);
        }

        return new(first.Edge, second.Edge);
    }

    private static bool IsBefore(NodeId edge, ulong weight, (NodeId Edge, ulong Weight) other) =>
        other.Edge.IsNone || weight > other.Weight || (weight == other.Weight && edge < other.Edge);

    /// <summary>FNV-1a.</summary>
    private static ulong HashOf(ReadOnlySpan<byte> space)
    {
        var hash = 0xCBF2_9CE4_8422_2325ul;
        foreach (var letter in space)
            hash = (hash ^ letter) * 0x100_0000_01B3;
        return hash;
    }

    /// <summary>The mixing of SplitMix64 over the name and the number.</summary>
    private static ulong WeightOf(ulong name, NodeId edge)
    {
        var mixed = name + (edge.Value * 0x9E37_79B9_7F4A_7C15ul);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
