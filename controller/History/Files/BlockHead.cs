using System.Buffers.Binary;

namespace WeCan.Controller.History.Files;

/// <summary>
/// What stands before a block, of all series of one slot. Numbers are little-endian; checks are CRC-32C.
/// <code>
/// +------------+----------+---------+----------+-----------+------------+----------------+---------------+
/// | "WCH1" (4) | level (1)| zero (3)| slot (8) | count (4) | length (4) | of the body (4)| of the head(4)|
/// +------------+----------+---------+----------+-----------+------------+----------------+---------------+
/// body: count × [kind (1), from (2), to (2), end of its point from the body's beginning (4)], ascending, then the
/// points, each a check of its name and itself (4) and the point
/// </code>
/// </summary>
internal readonly record struct BlockHead(int Level, long Slot, int Count, int Length, uint Check)
{
    public const int Bytes = 32;

    public const int EntryBytes = 9;

    private const uint Mark = 0x31_48_43_57;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out BlockHead head)
    {
        head = default;
        if (bytes.Length < Bytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Mark
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc.Of(bytes[..28]))
            return false;
        head = new(
            bytes[4], BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
        return head.Level < HistoryLevel.All.Count && head.Slot >= 0 && head.Count >= 0 && head.Length is >= 0 and <= HistoryLimits.BlockBytes
            && (long)head.Count * EntryBytes <= head.Length;
    }

    public void Write(Span<byte> bytes)
    {
        bytes[..Bytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Mark);
        bytes[4] = (byte)Level;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Slot);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Check);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], Crc.Of(bytes[..28]));
    }
}
