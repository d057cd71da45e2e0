using System.Buffers.Binary;

namespace WeCan.Protocol.Wire;

/// <summary>
/// Writes big-endian fields into a span whose room the caller has checked: running out of it is a bug of ours and
/// throws. docs/wire-format.md, head of the page.
/// </summary>
internal ref struct WireWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>The largest value a varint holds.</summary>
    public const ulong MaxVarInt = 0x3FFF_FFFF_FFFF_FFFF;

    public int Length { get; private set; }

    public readonly int Room => _buffer.Length - Length;

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>How many bytes <see cref="WriteVarInt"/> takes for a value.</summary>
    public static int VarIntLength(ulong value) => value switch
    {
        < 0x40 => 1,
        < 0x4000 => 2,
        < 0x4000_0000 => 4,
        _ => 8,
    };

    public void WriteByte(byte value) => _buffer[Length++] = value;

    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[Length..], value);
        Length += 2;
    }

    public void WriteUInt24(uint value)
    {
        var at = _buffer.Slice(Length, 3);
        at[0] = (byte)(value >> 16);
        at[1] = (byte)(value >> 8);
        at[2] = (byte)value;
        Length += 3;
    }

    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_buffer[Length..], value);
        Length += 4;
    }

    public void WriteVarInt(ulong value)
    {
        var at = _buffer[Length..];
        var length = VarIntLength(value);
        switch (length)
        {
            case 1:
                at[0] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(value | 0x4000));
                break;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(at, (uint)value | 0x8000_0000);
                break;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(at, value | 0xC000_0000_0000_0000);
                break;
        }

        Length += length;
    }

    public void WriteSignedVarInt(long value) => WriteVarInt((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Room for bytes that someone else fills in.</summary>
    public Span<byte> Reserve(int length)
    {
        var room = _buffer.Slice(Length, length);
        Length += length;
        return room;
    }
}
