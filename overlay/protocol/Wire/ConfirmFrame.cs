using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>A CONFIRM packet: what the destination of a Signal or Bulk flow has. docs/wire-format.md, section 7.2.</summary>
/// <remarks><code>
///   0 0 1 0 0 0 0 M     M: several segments since the last CONFIRM came marked
/// +------+------------------+-------------+----------------+----------+-----------------+-----------+ - - - - - - - - - +
/// | 0x2M | origin epoch (4) | flow varint | dest epoch (4) | next (4) | credit  varint  | count (1) | gap, length       |
/// +------+------------------+-------------+----------------+----------+-----------------+-----------+ - - - - - - - - - +
///                                                                                                     count pairs, varints
/// </code></remarks>
internal readonly record struct ConfirmFrame
{
    public const int MaxRanges = 16;

    /// <summary>No window reaches further; a credit or range that does is refused.</summary>
    public const int MaxSpan = 1 << 20;

    public const int MaxLength = 1 + 4 + 8 + 4 + 4 + 4 + 1 + (MaxRanges * 8);

    private const byte Type = 0x20;
    private const byte MarkedFlag = 0x01;

    public BootEpoch OriginEpoch { get; init; }

    public uint Flow { get; init; }

    public BootEpoch DestinationEpoch { get; init; }

    public uint Next { get; init; }

    public int Credit { get; init; }

    public bool Marked { get; init; }

    /// <summary>Reads into <paramref name="ranges"/>, which has room for <see cref="MaxRanges"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, Span<SegmentRange> ranges, out ConfirmFrame frame, out int count)
    {
        frame = default;
        count = 0;
        var reader = new WireReader(packet);
        if (!reader.TryReadByte(out var type) || (type & ~MarkedFlag) != Type)
            return false;
        if (!reader.TryReadUInt32(out var originEpoch) || originEpoch == 0)
            return false;
        if (!reader.TryReadVarInt(out var flow) || flow > uint.MaxValue)
            return false;
        if (!reader.TryReadUInt32(out var destinationEpoch) || destinationEpoch == 0)
            return false;
        if (!reader.TryReadUInt32(out var next) || !reader.TryReadVarInt(out var credit) || credit > MaxSpan)
            return false;
        if (!reader.TryReadByte(out var pairs) || pairs > MaxRanges || !TryReadRanges(ref reader, ranges[..pairs]) || !reader.IsAtEnd)
            return false;
        count = pairs;
        frame = new ConfirmFrame
        {
            OriginEpoch = new BootEpoch(originEpoch),
            Flow = (uint)flow,
            DestinationEpoch = new BootEpoch(destinationEpoch),
            Next = next,
            Credit = (int)credit,
            Marked = (type & MarkedFlag) != 0,
        };
        return true;
    }

    /// <summary>Writes the frame with ranges that ascend, none touching the one before it or <i>next</i>.</summary>
    public void Write(ref WireWriter writer, scoped ReadOnlySpan<SegmentRange> ranges)
    {
        writer.WriteByte((byte)(Type | (Marked ? MarkedFlag : 0)));
        writer.WriteUInt32(OriginEpoch.Value);
        writer.WriteVarInt(Flow);
        writer.WriteUInt32(DestinationEpoch.Value);
        writer.WriteUInt32(Next);
        writer.WriteVarInt((ulong)Credit);
        writer.WriteByte((byte)ranges.Length);
        var end = 0u;
        foreach (var range in ranges)
        {
            writer.WriteVarInt(range.Offset - end - 1);
            writer.WriteVarInt(range.Length - 1);
            end = range.Offset + range.Length;
        }
    }

    private static bool TryReadRanges(ref WireReader reader, Span<SegmentRange> ranges)
    {
        ulong end = 0;
        foreach (ref var range in ranges)
        {
            if (!reader.TryReadVarInt(out var gap) || !reader.TryReadVarInt(out var length) || gap > MaxSpan || length > MaxSpan)
                return false;
            var offset = end + gap + 1;
            end = offset + length + 1;
            if (end > MaxSpan)
                return false;
            range = new SegmentRange((uint)offset, (uint)length + 1);
        }

        return true;
    }
}
