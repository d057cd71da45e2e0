namespace WeCan.Protocol.Wire;

/// <summary>
/// The priors of a MULTICAST packet to many: one reach for all destinations but those that a group names.
/// docs/wire-format.md, section 7.5.
/// <code>
/// +------------------------+------------+--------------+-----------+ - - - - - -+
/// | common reach   varint  | groups (1) | reach varint | shape (1) | edges      |
/// +------------------------+------------+--------------+-----------+ - - - - - -+
///                                       for each group
/// </code>
/// </summary>
internal static class PriorList
{
    public const int MaxGroups = byte.MaxValue;

    /// <summary>The longest list of edges; what is more is written as a bit string, which is then shorter.</summary>
    public const int MaxListed = 31;

    private const byte BitsFlag = 0x80;
    private const int MaxBits = MulticastHeader.MaxBits;

    /// <summary>Reads the whole list and finds what holds for one edge.</summary>
    public static bool TryRead(ref WireReader reader, byte edge, out ulong reach)
    {
        if (!reader.TryReadVarInt(out reach) || !reader.TryReadByte(out var groups))
            return false;
        for (var i = 0; i < groups; i++)
        {
            if (!reader.TryReadVarInt(out var groupReach) || !TryReadEdges(ref reader, edge, out var isNamed))
                return false;
            if (isNamed)
                reach = groupReach;
        }

        return true;
    }

    /// <summary>Writes a group's edges, which ascend, in the shorter of the two shapes.</summary>
    public static void WriteGroup(ref WireWriter writer, ulong reach, scoped ReadOnlySpan<byte> edges)
    {
        writer.WriteVarInt(reach);
        if (!IsBitString(edges))
        {
            writer.WriteByte((byte)edges.Length);
            writer.WriteBytes(edges);
            return;
        }

        var length = BitsLength(edges);
        writer.WriteByte((byte)(BitsFlag | length));
        var bits = writer.Reserve(length);
        bits.Clear();
        foreach (var edge in edges)
            bits[edge >> 3] |= (byte)(1 << (edge & 7));
    }

    /// <summary>How many bytes a group takes.</summary>
    public static int LengthOf(ulong reach, scoped ReadOnlySpan<byte> edges) =>
        WireWriter.VarIntLength(reach) + 1 + (IsBitString(edges) ? BitsLength(edges) : edges.Length);

    private static int BitsLength(ReadOnlySpan<byte> edges) => (edges[^1] >> 3) + 1;

    private static bool IsBitString(ReadOnlySpan<byte> edges) => edges.Length > MaxListed || edges.Length > BitsLength(edges);

    private static bool TryReadEdges(ref WireReader reader, byte edge, out bool isNamed)
    {
        isNamed = false;
        if (!reader.TryReadByte(out var shape) || shape == 0)
            return false;
        var length = shape & ~BitsFlag;
        if ((shape & BitsFlag) != 0)
        {
            if (length is 0 or > MaxBits || !reader.TryReadBytes(length, out var bits) || bits[^1] == 0)
                return false;
            isNamed = edge >> 3 < length && (bits[edge >> 3] & (1 << (edge & 7))) != 0;
            return true;
        }

        if (!reader.TryReadBytes(length, out var edges))
            return false;
        for (var i = 0; i < edges.Length; i++)
        {
            if (i > 0 && edges[i] <= edges[i - 1])
                return false;
            isNamed |= edges[i] == edge;
        }

        return true;
    }
}
