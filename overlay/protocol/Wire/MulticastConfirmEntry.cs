using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>What a destination has of one flow, in a MULTICAST CONFIRM packet that tells of several. docs/wire-format.md, section 7.6.</summary>
/// <remarks><code>
/// +------+----------------+------------------+-------------+-------------+----------------+-------------+ - - - - - - +
/// | 0x60 | dest epoch (4) | origin epoch (4) | flow varint | next varint | credit  varint | M count (1) | gap, length |
/// +------+----------------+------------------+-------------+-------------+----------------+-------------+ - - - - - - +
///                                            for each flow                                              count pairs, varints
/// </code></remarks>
internal readonly record struct MulticastConfirmEntry
{
    public const byte Type = 0x60;

    public const int MaxRanges = 16;

    public const int HeadLength = 1 + 4 + 4;

    /// <summary>One flow with every range at its longest.</summary>
    public const int MaxLength = 8 + 8 + 4 + 1 + (MaxRanges * 16);

    private const byte MarkedFlag = 0x80;

    public uint Flow { get; init; }

    public ulong Next { get; init; }

    public int Credit { get; init; }

    public bool Marked { get; init; }

    public static bool TryReadHead(ref WireReader reader, out BootEpoch destination, out BootEpoch origin)
    {
        destination = default;
        origin = default;
        if (!reader.TryReadByte(out var type) || type != Type || !reader.TryReadUInt32(out var destinationEpoch) || destinationEpoch == 0)
            return false;
        if (!reader.TryReadUInt32(out var originEpoch) || originEpoch == 0)
            return false;
        destination = new BootEpoch(destinationEpoch);
        origin = new BootEpoch(originEpoch);
        return true;
    }

    public static void WriteHead(ref WireWriter writer, BootEpoch destination, BootEpoch origin)
    {
        writer.WriteByte(Type);
        writer.WriteUInt32(destination.Value);
        writer.WriteUInt32(origin.Value);
    }

    /// <summary>Reads one flow's part, its ranges into <paramref name="ranges"/>, which has room for <see cref="MaxRanges"/>.</summary>
    public static bool TryRead(ref WireReader reader, scoped Span<SequenceRange> ranges, out MulticastConfirmEntry entry, out int count)
    {
        entry = default;
        count = 0;
        if (!reader.TryReadVarInt(out var flow) || flow >= MulticastSegmentHeader.NumberBase || !reader.TryReadVarInt(out var next))
            return false;
        if (!reader.TryReadVarInt(out var credit) || credit > ConfirmFrame.MaxSpan || !reader.TryReadByte(out var marks))
            return false;
        var pairs = marks & ~MarkedFlag;
        if (pairs > MaxRanges)
            return false;
        var end = next;
        for (; count < pairs; count++)
        {
            if (!reader.TryReadVarInt(out var gap) || !reader.TryReadVarInt(out var length))
                return false;
            var first = end + gap + 1;
            end = first + length + 1;
            if (end > WireWriter.MaxVarInt)
                return false;
            ranges[count] = new SequenceRange(first, end);
        }

        entry = new MulticastConfirmEntry { Flow = (uint)flow, Next = next, Credit = (int)credit, Marked = (marks & MarkedFlag) != 0 };
        return true;
    }

    /// <summary>Writes the flow's part with ranges that ascend, none touching the one before it or <i>next</i>.</summary>
    public void Write(ref WireWriter writer, scoped ReadOnlySpan<SequenceRange> ranges)
    {
        writer.WriteVarInt(Flow);
        writer.WriteVarInt(Next);
        writer.WriteVarInt((ulong)Credit);
        writer.WriteByte((byte)((Marked ? MarkedFlag : 0) | ranges.Length));
        var end = Next;
        foreach (var range in ranges)
        {
            writer.WriteVarInt(range.First - end - 1);
            writer.WriteVarInt(range.End - range.First - 1);
            end = range.End;
        }
    }
}
