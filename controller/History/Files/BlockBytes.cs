using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.History.Files;

/// <summary>A block as bytes: made of points, and read again. <see cref="BlockHead"/> draws it.</summary>
internal static class BlockBytes
{
    private const int CheckBytes = 4;

    public static byte[] Make(int level, long slot, IEnumerable<KeyValuePair<SeriesKey, HistoryPoint>> points)
    {
        var sorted = points.OrderBy(pair => pair.Key.Order).ToList();
        var output = new ArrayBufferWriter<byte>(256);
        var head = BlockHead.Bytes + (sorted.Count * BlockHead.EntryBytes);
        output.GetSpan(head)[..head].Clear();
        output.Advance(head);
        var ends = new int[sorted.Count];
        var one = new ArrayBufferWriter<byte>(256);
        for (var i = 0; i < sorted.Count; i++)
        {
            one.ResetWrittenCount();
            PointWriter.Write(sorted[i].Value, one);
            BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(CheckBytes), CheckOf(sorted[i].Key, one.WrittenSpan));
            output.Advance(CheckBytes);
            output.Write(one.WrittenSpan);
            ends[i] = output.WrittenCount - BlockHead.Bytes;
        }

        var bytes = output.WrittenSpan.ToArray();
        for (var i = 0; i < sorted.Count; i++)
            new BlockEntry(sorted[i].Key, ends[i]).Write(bytes.AsSpan(BlockHead.Bytes + (i * BlockHead.EntryBytes)));
        var body = bytes.AsSpan(BlockHead.Bytes);
        new BlockHead(level, slot, sorted.Count, body.Length, Crc.Of(body)).Write(bytes);
        return bytes;
    }

    /// <summary>Every point of a body that is whole, which its check has shown.</summary>
    public static IEnumerable<KeyValuePair<SeriesKey, HistoryPoint>> Points(int count, byte[] body)
    {
        var begin = count * BlockHead.EntryBytes;
        for (var i = 0; i < count; i++)
        {
            var entry = BlockEntry.Read(body.AsSpan(i * BlockHead.EntryBytes));
            if (entry.End >= begin && entry.End <= body.Length && TryReadPoint(entry.Key, body.AsSpan(begin, entry.End - begin), out var point))
                yield return new(entry.Key, point);
            begin = Math.Max(begin, entry.End);
        }
    }

    /// <summary>A point with its check before it; false where that does not fit this name and these bytes.</summary>
    public static bool TryReadPoint(SeriesKey key, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out HistoryPoint? point)
    {
        point = null;
        return bytes.Length >= CheckBytes && HistoryPoint.IsKind((byte)key.Kind)
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == CheckOf(key, bytes[CheckBytes..])
            && new PointReader(bytes[CheckBytes..]).TryRead(key.Kind, out point);
    }

    private static uint CheckOf(SeriesKey key, ReadOnlySpan<byte> point)
    {
        Span<byte> name = stackalloc byte[BlockHead.EntryBytes];
        new BlockEntry(key, 0).Write(name);
        return Crc.Of(point, Crc.Of(name));
    }
}
