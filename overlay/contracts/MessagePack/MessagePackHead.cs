using System.Buffers.Binary;

namespace WeCan.Contracts.MessagePack;

/// <summary>
/// The head of one value, up to where its body begins:
/// <code>
/// +------+------------------------+----------------+----------------------------------+
/// | code | length or count: 0-4 B | extension type | body: length bytes, or values    |
/// +------+------------------------+----------------+----------------------------------+
/// </code>
/// A head that was read has its whole body behind it, or, of an array or map, at least one byte for every value that it
/// announces: whoever allocates by a count allocates no more than a multiple of what was received.
/// </summary>
internal readonly record struct MessagePackHead
{
    public required MessagePackType Type { get; init; }

    public required byte Code { get; init; }

    /// <summary>How many bytes stand before the body.</summary>
    public required int Size { get; init; }

    /// <summary>How many bytes the body has. Zero for arrays and maps: their values are counted, not measured.</summary>
    public int BodySize { get; init; }

    /// <summary>An array's values, or a map's pairs.</summary>
    public int Count { get; init; }

    public bool IsContainer => Type is MessagePackType.Array or MessagePackType.Map;

    /// <summary>The values that follow the head of an array or map: a map's keys count like its values.</summary>
    public int Children => Type == MessagePackType.Map ? Count * 2 : Count;

    public static MessagePackType TypeOf(byte code) => code switch
    {
        <= MessagePackCode.PositiveFixIntMax or >= MessagePackCode.NegativeFixInt => MessagePackType.Integer,
        < MessagePackCode.FixArray => MessagePackType.Map,
        < MessagePackCode.FixString => MessagePackType.Array,
        < MessagePackCode.Nil => MessagePackType.String,
        MessagePackCode.Nil => MessagePackType.Nil,
        MessagePackCode.NeverUsed => MessagePackType.Invalid,
        < MessagePackCode.Binary8 => MessagePackType.Boolean,
        < MessagePackCode.Extension8 => MessagePackType.Binary,
        < MessagePackCode.Float32 => MessagePackType.Extension,
        < MessagePackCode.UInt8 => MessagePackType.Float,
        < MessagePackCode.FixExtension1 => MessagePackType.Integer,
        < MessagePackCode.String8 => MessagePackType.Extension,
        < MessagePackCode.Array16 => MessagePackType.String,
        < MessagePackCode.Map16 => MessagePackType.Array,
        _ => MessagePackType.Map,
    };

    public static bool TryRead(ReadOnlySpan<byte> from, out MessagePackHead head)
    {
        head = default;
        if (from.IsEmpty)
            return false;
        var code = from[0];
        var type = TypeOf(code);
        return type switch
        {
            MessagePackType.Integer => TryScalar(from, type, IntegerSize(code), out head),
            MessagePackType.Nil or MessagePackType.Boolean => TryScalar(from, type, 0, out head),
            MessagePackType.Float => TryScalar(from, type, code == MessagePackCode.Float32 ? 4 : 8, out head),
            MessagePackType.String when code < MessagePackCode.Nil =>
                TryScalar(from, type, code & MessagePackCode.FixStringMax, out head),
            MessagePackType.String => TryMeasured(from, type, 1 << (code - MessagePackCode.String8), out head),
            MessagePackType.Binary => TryMeasured(from, type, 1 << (code - MessagePackCode.Binary8), out head),
            MessagePackType.Extension => TryExtension(from, out head),
            MessagePackType.Array when code < MessagePackCode.FixString => TryCounted(from, type, 0, out head),
            MessagePackType.Array => TryCounted(from, type, 2 << (code - MessagePackCode.Array16), out head),
            MessagePackType.Map when code < MessagePackCode.FixArray => TryCounted(from, type, 0, out head),
            MessagePackType.Map => TryCounted(from, type, 2 << (code - MessagePackCode.Map16), out head),
            _ => false,
        };
    }

    private static int IntegerSize(byte code) => code switch
    {
        < MessagePackCode.UInt8 or >= MessagePackCode.NegativeFixInt => 0,
        < MessagePackCode.Int8 => 1 << (code - MessagePackCode.UInt8),
        _ => 1 << (code - MessagePackCode.Int8),
    };

    /// <summary>A value whose code alone says how long its body is.</summary>
    private static bool TryScalar(ReadOnlySpan<byte> from, MessagePackType type, int bodySize, out MessagePackHead head) =>
        TryBody(from, type, size: 1, (uint)bodySize, out head);

    /// <summary>A string or binary with its length behind the code.</summary>
    private static bool TryMeasured(ReadOnlySpan<byte> from, MessagePackType type, int lengthSize, out MessagePackHead head)
    {
        head = default;
        return TryReadLength(from, lengthSize, out var length) && TryBody(from, type, 1 + lengthSize, length, out head);
    }

    private static bool TryExtension(ReadOnlySpan<byte> from, out MessagePackHead head)
    {
        head = default;
        var code = from[0];
        if (code >= MessagePackCode.FixExtension1)
            return TryBody(from, MessagePackType.Extension, size: 2, 1u << (code - MessagePackCode.FixExtension1), out head);
        var lengthSize = 1 << (code - MessagePackCode.Extension8);
        return TryReadLength(from, lengthSize, out var length)
            && TryBody(from, MessagePackType.Extension, lengthSize + 2, length, out head);
    }

    private static bool TryBody(ReadOnlySpan<byte> from, MessagePackType type, int size, uint bodySize, out MessagePackHead head)
    {
        head = default;
        if (from.Length - size < bodySize)
            return false;
        head = new() { Type = type, Code = from[0], Size = size, BodySize = (int)bodySize };
        return true;
    }

    private static bool TryCounted(ReadOnlySpan<byte> from, MessagePackType type, int countSize, out MessagePackHead head)
    {
        head = default;
        var count = (uint)(from[0] & MessagePackCode.FixContainerMax);
        if (countSize != 0 && !TryReadLength(from, countSize, out count))
            return false;
        var size = 1 + countSize;
        var children = type == MessagePackType.Map ? count * 2L : count;
        if (from.Length - size < children)
            return false;
        head = new() { Type = type, Code = from[0], Size = size, Count = (int)count };
        return true;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> from, int lengthSize, out uint length)
    {
        length = 0;
        if (from.Length <= lengthSize)
            return false;
        length = lengthSize switch
        {
            1 => from[1],
            2 => BinaryPrimitives.ReadUInt16BigEndian(from[1..]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(from[1..]),
        };
        return true;
    }
}
