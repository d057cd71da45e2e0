using System.Buffers.Binary;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.History.Files;

/// <summary>A line of a block's directory: a series, and where its point ends.</summary>
internal readonly record struct BlockEntry(SeriesKey Key, int End)
{
    public static BlockEntry Read(ReadOnlySpan<byte> bytes) => new(
        new((SeriesKind)bytes[0], BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[3..])),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[5..]));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Key.Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[1..], Key.From);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[3..], Key.To);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[5..], End);
    }
}
