using System.Buffers.Binary;

namespace WeCan.Protocol.Wire;

/// <summary>
/// Reads big-endian fields off the front of a span. Every read says whether the bytes were there; a failed read leaves
/// the reader where it was and never throws. docs/wire-format.md, head of the page.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly int Remaining => _rest.Length;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryReadUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
            return false;
        _rest = _rest[2..];
        return true;
    }

    public bool TryReadUInt24(out uint value)
    {
        if (_rest.Length < 3)
        {
            value = 0;
            return false;
        }

        value = ((uint)_rest[0] << 16) | ((uint)_rest[1] << 8) | _rest[2];
        _rest = _rest[3..];
        return true;
    }

    public bool TryReadUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
            return false;
        _rest = _rest[4..];
        return true;
    }

    public bool TryReadUInt64(out ulong value)
    {
        if (!BinaryPrimitives.TryReadUInt64BigEndian(_rest, out value))
            return false;
        _rest = _rest[8..];
        return true;
    }

    public bool TryReadVarInt(out ulong value)
    {
        value = 0;
        if (_rest.IsEmpty)
            return false;
        var length = 1 << (_rest[0] >> 6);
        if (_rest.Length < length)
            return false;
        value = length switch
        {
            1 => (ulong)(_rest[0] & 0x3F),
            2 => (ulong)(BinaryPrimitives.ReadUInt16BigEndian(_rest) & 0x3FFF),
            4 => BinaryPrimitives.ReadUInt32BigEndian(_rest) & 0x3FFF_FFFF,
            _ => BinaryPrimitives.ReadUInt64BigEndian(_rest) & 0x3FFF_FFFF_FFFF_FFFF,
        };
        _rest = _rest[length..];
        return true;
    }

    public bool TryReadSignedVarInt(out long value)
    {
        if (!TryReadVarInt(out var zigzag))
        {
            value = 0;
            return false;
        }

        value = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
        return true;
    }

    public bool TryReadBytes(int length, out ReadOnlySpan<byte> value)
    {
        if (length < 0 || _rest.Length < length)
        {
            value = default;
            return false;
        }

        value = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    public ReadOnlySpan<byte> ReadRest()
    {
        var rest = _rest;
        _rest = default;
        return rest;
    }
}
