using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace WeCan.Contracts.MessagePack;

/// <summary>
/// Writes MessagePack values, one after the other, each in its shortest encoding, without allocating. Driven by whoever
/// knows the message; pass it on by reference, since a copy has a position of its own. Over an
/// <see cref="IBufferWriter{T}"/> the output grows and every finished write is in it, with nothing to flush. Over a span
/// nothing grows: the first value that does not fit sets <see cref="HasOverflowed"/>, and it and all later ones are
/// left out, so what was written always ends where a value ends. Whether an array or map gets as many values as its
/// header announced is the caller's to keep.
/// </summary>
public ref struct MessagePackWriter
{
    private readonly Span<byte> _destination;
    private readonly IBufferWriter<byte>? _output;

    public MessagePackWriter(Span<byte> destination) => _destination = destination;

    public MessagePackWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    public long BytesWritten { get; private set; }

    /// <summary>A value did not fit into the span: the message is not whole, and must not be sent.</summary>
    public bool HasOverflowed { get; private set; }

    public void WriteNil() => WriteCode(MessagePackCode.Nil);

    public void WriteBoolean(bool value) => WriteCode(value ? MessagePackCode.True : MessagePackCode.False);

    public void WriteInteger(long value)
    {
        if (value >= 0)
            WriteInteger((ulong)value);
        else if (value >= MessagePackCode.NegativeFixIntMin)
            WriteCode((byte)value);
        else if (value >= sbyte.MinValue)
            WriteCode(MessagePackCode.Int8, (byte)value);
        else if (value >= short.MinValue)
            WriteCode(MessagePackCode.Int8 + 1, (ushort)value);
        else if (value >= int.MinValue)
            WriteCode(MessagePackCode.Int8 + 2, (uint)value);
        else
            WriteCode(MessagePackCode.Int8 + 3, (ulong)value);
    }

    public void WriteInteger(ulong value)
    {
        if (value <= MessagePackCode.PositiveFixIntMax)
            WriteCode((byte)value);
        else if (value <= byte.MaxValue)
            WriteCode(MessagePackCode.UInt8, (byte)value);
        else if (value <= ushort.MaxValue)
            WriteCode(MessagePackCode.UInt8 + 1, (ushort)value);
        else if (value <= uint.MaxValue)
            WriteCode(MessagePackCode.UInt8 + 2, (uint)value);
        else
            WriteCode(MessagePackCode.UInt8 + 3, value);
    }

    public void WriteSingle(float value) => WriteCode(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes 64 bits, also where 32 would hold the value: a float's width is its type, not its size.</summary>
    public void WriteDouble(double value) => WriteCode(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Writes text as UTF-8. Half of a surrogate pair becomes U+FFFD, so that every reader can read it.</summary>
    public void WriteString(scoped ReadOnlySpan<char> text)
    {
        var start = BytesWritten;
        var size = Encoding.UTF8.GetByteCount(text);
        WriteStringHeader(size);
        if (!TryTake(size, start, out var room))
            return;
        Encoding.UTF8.GetBytes(text, room);
        Commit(size);
    }

    /// <summary>Writes a string whose UTF-8 the caller has already, and vouches for.</summary>
    public void WriteStringBytes(scoped ReadOnlySpan<byte> utf8)
    {
        var start = BytesWritten;
        WriteStringHeader(utf8.Length);
        WriteBody(utf8, start);
    }

    public void WriteBinary(scoped ReadOnlySpan<byte> bytes)
    {
        var start = BytesWritten;
        WriteMeasured(MessagePackCode.Binary8, bytes.Length);
        WriteBody(bytes, start);
    }

    /// <summary>Announces an array: the next <paramref name="count"/> values are what it holds.</summary>
    public void WriteArrayHeader(int count) => WriteCounted(MessagePackCode.FixArray, MessagePackCode.Array16, count);

    /// <summary>Announces a map: the next <paramref name="count"/> pairs of key and value are what it holds.</summary>
    public void WriteMapHeader(int count) => WriteCounted(MessagePackCode.FixMap, MessagePackCode.Map16, count);

    public void WriteExtension(sbyte type, scoped ReadOnlySpan<byte> data)
    {
        var start = BytesWritten;
        if (data.Length is 1 or 2 or 4 or 8 or 16)
            WriteCode((byte)(MessagePackCode.FixExtension1 + int.Log2(data.Length)));
        else
            WriteMeasured(MessagePackCode.Extension8, data.Length);
        WriteBody([(byte)type], start);
        WriteBody(data, start);
    }

    /// <summary>Writes the shortest of the three forms that <see cref="MessagePackReader.TryReadTimestamp"/> draws.</summary>
    public void WriteTimestamp(MessagePackTimestamp value)
    {
        Span<byte> data = stackalloc byte[12];
        var both = ((ulong)value.Nanoseconds << 34) | (ulong)value.Seconds;
        if (value.Seconds >> 34 != 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(data, value.Nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(data[4..], value.Seconds);
        }
        else if (both > uint.MaxValue)
        {
            data = data[..8];
            BinaryPrimitives.WriteUInt64BigEndian(data, both);
        }
        else
        {
            data = data[..4];
            BinaryPrimitives.WriteUInt32BigEndian(data, (uint)both);
        }

        WriteExtension(MessagePackCode.TimestampType, data);
    }

    private void WriteStringHeader(int size)
    {
        if (size <= MessagePackCode.FixStringMax)
            WriteCode((byte)(MessagePackCode.FixString | size));
        else
            WriteMeasured(MessagePackCode.String8, size);
    }

    /// <summary>A code and the length behind it, in the narrowest of the three widths that start at this code.</summary>
    private void WriteMeasured(byte narrowest, int size)
    {
        if (size <= byte.MaxValue)
            WriteCode(narrowest, (byte)size);
        else if (size <= ushort.MaxValue)
            WriteCode((byte)(narrowest + 1), (ushort)size);
        else
            WriteCode((byte)(narrowest + 2), (uint)size);
    }

    private void WriteCounted(byte fix, byte narrowest, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count <= MessagePackCode.FixContainerMax)
            WriteCode((byte)(fix | count));
        else if (count <= ushort.MaxValue)
            WriteCode(narrowest, (ushort)count);
        else
            WriteCode((byte)(narrowest + 1), (uint)count);
    }

    private void WriteCode(byte code)
    {
        if (!TryTake(1, BytesWritten, out var room))
            return;
        room[0] = code;
        Commit(1);
    }

    private void WriteCode(byte code, byte value)
    {
        if (!TryTake(2, BytesWritten, out var room))
            return;
        room[1] = value;
        room[0] = code;
        Commit(2);
    }

    private void WriteCode(byte code, ushort value)
    {
        if (!TryTake(3, BytesWritten, out var room))
            return;
        BinaryPrimitives.WriteUInt16BigEndian(room[1..], value);
        room[0] = code;
        Commit(3);
    }

    private void WriteCode(byte code, uint value)
    {
        if (!TryTake(5, BytesWritten, out var room))
            return;
        BinaryPrimitives.WriteUInt32BigEndian(room[1..], value);
        room[0] = code;
        Commit(5);
    }

    private void WriteCode(byte code, ulong value)
    {
        if (!TryTake(9, BytesWritten, out var room))
            return;
        BinaryPrimitives.WriteUInt64BigEndian(room[1..], value);
        room[0] = code;
        Commit(9);
    }

    private void WriteBody(scoped ReadOnlySpan<byte> body, long valueStart)
    {
        if (_output is not null)
        {
            // In as many pieces as the output likes: a long body does not force it to find one contiguous room.
            _output.Write(body);
            BytesWritten += body.Length;
        }
        else if (TryTake(body.Length, valueStart, out var room))
        {
            body.CopyTo(room);
            Commit(body.Length);
        }
    }

    /// <summary>Finds room for the next part of a value. Where there is none, the value's earlier parts are taken back.</summary>
    private bool TryTake(int size, long valueStart, out Span<byte> room)
    {
        room = default;
        if (HasOverflowed)
            return false;
        if (_output is not null)
        {
            room = _output.GetSpan(size);
            return true;
        }

        var written = (int)BytesWritten;
        if (_destination.Length - written < size)
        {
            HasOverflowed = true;
            BytesWritten = valueStart;
            return false;
        }

        room = _destination.Slice(written, size);
        return true;
    }

    private void Commit(int size)
    {
        _output?.Advance(size);
        BytesWritten += size;
    }
}
