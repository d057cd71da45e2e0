using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace WeCan.Contracts.MessagePack;

/// <summary>
/// Reads MessagePack values, one after the other, out of a message that lies in memory whole. Driven by whoever knows
/// what the message should hold; pass it on by reference, since a copy has a position of its own. It never throws: a
/// method returns false when the next value is malformed, truncated, of another type or out of the wanted range, and
/// then the position is where it was. Wider encodings than needed are accepted, as the format asks. Only
/// <see cref="TryReadString"/> allocates, and no more than a multiple of the string's bytes.
/// </summary>
public ref struct MessagePackReader(ReadOnlySpan<byte> buffer)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;

    /// <summary>How many bytes the values read so far took.</summary>
    public int Position { get; private set; }

    public readonly int Remaining => _buffer.Length - Position;

    public readonly bool IsAtEnd => Position == _buffer.Length;

    /// <summary>What the next value's first byte says it is. Whether the rest of it is there, reading it tells.</summary>
    public readonly MessagePackType NextType => IsAtEnd ? MessagePackType.End : MessagePackHead.TypeOf(_buffer[Position]);

    /// <summary>Reads a nil. Where a value is optional, ask this first.</summary>
    public bool TryReadNil() => TryReadHead(MessagePackType.Nil, out var head) && Advance(head);

    public bool TryReadBoolean(out bool value)
    {
        value = false;
        if (!TryReadHead(MessagePackType.Boolean, out var head))
            return false;
        value = head.Code == MessagePackCode.True;
        return Advance(head);
    }

    public bool TryReadByte(out byte value)
    {
        var read = TryReadUnsigned(byte.MaxValue, out var wide);
        value = (byte)wide;
        return read;
    }

    public bool TryReadUInt16(out ushort value)
    {
        var read = TryReadUnsigned(ushort.MaxValue, out var wide);
        value = (ushort)wide;
        return read;
    }

    public bool TryReadUInt32(out uint value)
    {
        var read = TryReadUnsigned(uint.MaxValue, out var wide);
        value = (uint)wide;
        return read;
    }

    public bool TryReadUInt64(out ulong value) => TryReadUnsigned(ulong.MaxValue, out value);

    public bool TryReadSByte(out sbyte value)
    {
        var read = TryReadSigned(sbyte.MinValue, sbyte.MaxValue, out var wide);
        value = (sbyte)wide;
        return read;
    }

    public bool TryReadInt16(out short value)
    {
        var read = TryReadSigned(short.MinValue, short.MaxValue, out var wide);
        value = (short)wide;
        return read;
    }

    public bool TryReadInt32(out int value)
    {
        var read = TryReadSigned(int.MinValue, int.MaxValue, out var wide);
        value = (int)wide;
        return read;
    }

    public bool TryReadInt64(out long value) => TryReadSigned(long.MinValue, long.MaxValue, out value);

    /// <summary>Reads a 32-bit float only: a 64-bit one would lose digits, an integer is another type.</summary>
    public bool TryReadSingle(out float value)
    {
        value = 0;
        if (!TryReadHead(MessagePackType.Float, out var head) || head.Code != MessagePackCode.Float32)
            return false;
        value = BinaryPrimitives.ReadSingleBigEndian(Body(head));
        return Advance(head);
    }

    /// <summary>Reads a float of either width. An integer is another type, even where its value would fit.</summary>
    public bool TryReadDouble(out double value)
    {
        value = 0;
        if (!TryReadHead(MessagePackType.Float, out var head))
            return false;
        value = head.Code == MessagePackCode.Float32
            ? BinaryPrimitives.ReadSingleBigEndian(Body(head))
            : BinaryPrimitives.ReadDoubleBigEndian(Body(head));
        return Advance(head);
    }

    /// <summary>Reads a string as text. False also where its bytes are not valid UTF-8.</summary>
    public bool TryReadString([NotNullWhen(true)] out string? value)
    {
        value = null;
        if (!TryReadHead(MessagePackType.String, out var head))
            return false;
        var bytes = Body(head);
        if (!Utf8.IsValid(bytes))
            return false;
        value = Encoding.UTF8.GetString(bytes);
        return Advance(head);
    }

    /// <summary>Reads a string as the bytes that came, which may not be UTF-8: to compare with a key, not to show.</summary>
    public bool TryReadStringBytes(out ReadOnlySpan<byte> value) =>
        TryReadShort(MessagePackCode.FixString, MessagePackCode.FixStringMax, MessagePackCode.String8, out value) || TryReadBody(MessagePackType.String, out value);

    public bool TryReadBinary(out ReadOnlySpan<byte> value) =>
        TryReadShort(MessagePackCode.Binary8, 0, MessagePackCode.Binary8, out value) || TryReadBody(MessagePackType.Binary, out value);

    /// <summary>Reads an extension of any type, the timestamp's -1 among them.</summary>
    public bool TryReadExtension(out sbyte type, out ReadOnlySpan<byte> data)
    {
        type = 0;
        data = default;
        if (!TryReadHead(MessagePackType.Extension, out var head))
            return false;
        type = ExtensionType(head);
        data = Body(head);
        return Advance(head);
    }

    /// <summary>
    /// Reads a timestamp in any of its three forms:
    /// <code>
    /// 4 bytes:  seconds, 32 bits unsigned
    /// 8 bytes:  nanoseconds, 30 bits | seconds, 34 bits unsigned
    /// 12 bytes: nanoseconds, 32 bits | seconds, 64 bits signed
    /// </code>
    /// </summary>
    public bool TryReadTimestamp(out MessagePackTimestamp value)
    {
        value = default;
        if (!TryReadHead(MessagePackType.Extension, out var head) || ExtensionType(head) != MessagePackCode.TimestampType)
            return false;
        var body = Body(head);
        long seconds;
        uint nanoseconds;
        switch (body.Length)
        {
            case 4:
                (seconds, nanoseconds) = (BinaryPrimitives.ReadUInt32BigEndian(body), 0);
                break;
            case 8:
                var both = BinaryPrimitives.ReadUInt64BigEndian(body);
                (seconds, nanoseconds) = ((long)(both & ((1UL << 34) - 1)), (uint)(both >> 34));
                break;
            case 12:
                nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(body);
                seconds = BinaryPrimitives.ReadInt64BigEndian(body[4..]);
                break;
            default:
                return false;
        }

        if (nanoseconds > MessagePackTimestamp.MaxNanoseconds)
            return false;
        value = new(seconds, nanoseconds);
        return Advance(head);
    }

    /// <summary>
    /// Reads how many values the next array holds; they follow. False where the rest of the message is too short to hold
    /// that many, so memory may be taken by the count.
    /// </summary>
    public bool TryReadArrayHeader(out int count) => TryReadCount(MessagePackType.Array, out count);

    /// <summary>
    /// Reads how many pairs of key and value the next map holds; they follow. False where the rest of the message is too
    /// short to hold that many, so memory may be taken by the count.
    /// </summary>
    public bool TryReadMapHeader(out int count) => TryReadCount(MessagePackType.Map, out count);

    /// <summary>Skips the next value with all that is inside it: the value of a map key that this version does not know.</summary>
    public bool TrySkip() => TrySkip(1);

    /// <summary>
    /// Skips the next <paramref name="count"/> values with all that is inside them: what a newer version put at an
    /// array's end. False for a negative count (the array is shorter than what was read of it), and where arrays and
    /// maps stand more than <see cref="MessagePackLimits.MaxDepth"/> deep. What strings hold is not looked at.
    /// </summary>
    public bool TrySkip(int count)
    {
        if (count < 0)
            return false;
        Span<int> outer = stackalloc int[MessagePackLimits.MaxDepth];
        var depth = 0;
        var position = Position;
        while (true)
        {
            for (; count == 0 && depth > 0; count = outer[depth])
                depth--;
            if (count == 0)
                break;
            if (!MessagePackHead.TryRead(_buffer[position..], out var head))
                return false;
            count--;
            position += head.Size + head.BodySize;
            if (!head.IsContainer)
                continue;
            if (depth == outer.Length)
                return false;
            outer[depth++] = count;
            count = head.Children;
        }

        Position = position;
        return true;
    }

    /// <summary>
    /// What most bodies are, without the whole of a head: one whose code has its length in it, or has it in the byte behind. False says nothing of
    /// other forms.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadShort(byte fix, int fixMax, byte narrowest, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = _buffer[Position..];
        if (rest.Length < 2)
            return false;
        var isFix = fixMax > 0 && (rest[0] & ~fixMax) == fix;
        if (!isFix && rest[0] != narrowest)
            return false;
        var (head, length) = isFix ? (1, rest[0] & fixMax) : (2, rest[1]);
        if (rest.Length - head < length)
            return false;
        value = rest.Slice(head, length);
        Position += head + length;
        return true;
    }

    private readonly bool TryReadHead(MessagePackType wanted, out MessagePackHead head) =>
        MessagePackHead.TryRead(_buffer[Position..], out head) && head.Type == wanted;

    private readonly ReadOnlySpan<byte> Body(scoped in MessagePackHead head) => _buffer.Slice(Position + head.Size, head.BodySize);

    /// <summary>The last byte before an extension's body, whatever the width of its length.</summary>
    private readonly sbyte ExtensionType(scoped in MessagePackHead head) => (sbyte)_buffer[Position + head.Size - 1];

    private bool Advance(scoped in MessagePackHead head)
    {
        Position += head.Size + head.BodySize;
        return true;
    }

    private bool TryReadBody(MessagePackType wanted, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (!TryReadHead(wanted, out var head))
            return false;
        body = Body(head);
        return Advance(head);
    }

    private bool TryReadCount(MessagePackType wanted, out int count)
    {
        count = 0;
        if (wanted == MessagePackType.Array && Remaining > 0 && (_buffer[Position] & ~MessagePackCode.FixContainerMax) == MessagePackCode.FixArray)
        {
            var values = _buffer[Position] & MessagePackCode.FixContainerMax;
            if (Remaining - 1 < values)
                return false;
            count = values;
            Position++;
            return true;
        }

        if (!TryReadHead(wanted, out var head))
            return false;
        count = head.Count;
        return Advance(head);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadUnsigned(ulong max, out ulong value)
    {
        if (Position < _buffer.Length && _buffer[Position] <= MessagePackCode.PositiveFixIntMax)
        {
            value = _buffer[Position++];
            return true;
        }

        return TryReadWide(max, out value);
    }

    private bool TryReadWide(ulong max, out ulong value)
    {
        value = 0;
        if (!TryReadHead(MessagePackType.Integer, out var head))
            return false;
        var bits = IntegerBits(head, out var negative);
        if (negative || bits > max)
            return false;
        value = bits;
        return Advance(head);
    }

    private bool TryReadSigned(long min, long max, out long value)
    {
        value = 0;
        if (!TryReadHead(MessagePackType.Integer, out var head))
            return false;
        var bits = IntegerBits(head, out var negative);
        if (negative ? (long)bits < min : bits > (ulong)max)
            return false;
        value = (long)bits;
        return Advance(head);
    }

    /// <summary>The integer in 64 bits: two's complement where it is negative, unsigned where it is not.</summary>
    private readonly ulong IntegerBits(scoped in MessagePackHead head, out bool negative)
    {
        var body = Body(head);
        var isSigned = head.Code >= MessagePackCode.Int8;
        var bits = (body.Length, isSigned) switch
        {
            (0, _) => (ulong)(sbyte)head.Code,
            (1, false) => body[0],
            (1, true) => (ulong)(sbyte)body[0],
            (2, false) => BinaryPrimitives.ReadUInt16BigEndian(body),
            (2, true) => (ulong)BinaryPrimitives.ReadInt16BigEndian(body),
            (4, false) => BinaryPrimitives.ReadUInt32BigEndian(body),
            (4, true) => (ulong)BinaryPrimitives.ReadInt32BigEndian(body),
            _ => BinaryPrimitives.ReadUInt64BigEndian(body),
        };
        negative = isSigned && (long)bits < 0;
        return bits;
    }
}
