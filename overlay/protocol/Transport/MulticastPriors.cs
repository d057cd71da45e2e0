using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Works out the priors of one copy: the destinations by what each must be told, the most frequent for all, the rest in
/// groups as far as they fit. While a flow's destinations stay the same, that is a single number. One for the layer, as
/// it keeps nothing between two copies.
/// </summary>
internal sealed class MulticastPriors
{
    private readonly ulong[] _reaches = new ulong[256];
    private readonly byte[] _edges = new byte[256];
    private int _count;

    public void Begin() => _count = 0;

    /// <summary>Adds an edge, in ascending order.</summary>
    public void Add(byte edge, ulong reach)
    {
        _edges[_count] = edge;
        _reaches[_count++] = reach;
    }

    /// <summary>Writes the list into at most <paramref name="room"/> bytes and clears from <paramref name="left"/> the edges that it holds for.</summary>
    public void Write(ref WireWriter writer, int room, Span<ulong> left)
    {
        var reaches = _reaches.AsSpan(0, _count);
        if (!reaches.ContainsAnyExcept(reaches[0]))
        {
            writer.WriteVarInt(reaches[0]);
            writer.WriteByte(0);
            Clear(left, _edges.AsSpan(0, _count));
            return;
        }

        Array.Sort(_reaches, _edges, 0, _count);
        var (commonStart, commonEnd) = LongestRun(reaches);
        writer.WriteVarInt(reaches[commonStart]);
        Clear(left, _edges.AsSpan(commonStart, commonEnd - commonStart));
        var groupsAt = writer.Reserve(1);
        var groups = 0;
        var used = WireWriter.VarIntLength(reaches[commonStart]) + 1;
        for (var start = 0; start < _count && groups < PriorList.MaxGroups;)
        {
            var end = RunEnd(reaches, start);
            var edges = _edges.AsSpan(start, end - start);
            edges.Sort();
            var length = start == commonStart ? 0 : PriorList.LengthOf(reaches[start], edges);
            if (length > 0 && used + length <= room)
            {
                PriorList.WriteGroup(ref writer, reaches[start], edges);
                Clear(left, edges);
                used += length;
                groups++;
            }

            start = end;
        }

        groupsAt[0] = (byte)groups;
    }

    private static void Clear(Span<ulong> left, ReadOnlySpan<byte> edges)
    {
        foreach (var edge in edges)
            left[edge >> 6] &= ~(1UL << (edge & 63));
    }

    private static int RunEnd(ReadOnlySpan<ulong> reaches, int start)
    {
        var length = reaches[start..].IndexOfAnyExcept(reaches[start]);
        return length < 0 ? reaches.Length : start + length;
    }

    private static (int Start, int End) LongestRun(ReadOnlySpan<ulong> reaches)
    {
        var longest = (Start: 0, End: 0);
        for (var start = 0; start < reaches.Length;)
        {
            var end = RunEnd(reaches, start);
            if (end - start > longest.End - longest.Start)
                longest = (start, end);
            start = end;
        }

        return longest;
    }
}
