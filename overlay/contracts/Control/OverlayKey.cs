using System.Buffers.Binary;

namespace WeCan.Contracts.Control;

/// <summary>
/// A node's static public key in the overlay, as 64 bytes that are equal by content: X and Y of a point of P-256. That it
/// lies on the curve is checked by who admits it and by who uses it, not here. The default is no key.
/// </summary>
public readonly record struct OverlayKey
{
    public const int Bytes = 64;

    private readonly UInt128 _xHead;
    private readonly UInt128 _xTail;
    private readonly UInt128 _yHead;
    private readonly UInt128 _yTail;

    private OverlayKey(ReadOnlySpan<byte> bytes)
    {
        _xHead = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _xTail = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
        _yHead = BinaryPrimitives.ReadUInt128BigEndian(bytes[32..]);
        _yTail = BinaryPrimitives.ReadUInt128BigEndian(bytes[48..]);
    }

    public bool IsNone => this == default;

    /// <summary>Reads exactly 64 bytes. False for every other length, and for 64 zeros.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out OverlayKey key)
    {
        key = default;
        if (bytes.Length != Bytes)
            return false;
        key = new(bytes);
        return !key.IsNone;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _xHead);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _xTail);
        BinaryPrimitives.WriteUInt128BigEndian(destination[32..], _yHead);
        BinaryPrimitives.WriteUInt128BigEndian(destination[48..], _yTail);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>The first eight bytes: enough to tell keys apart in a log.</summary>
    public override string ToString() => IsNone ? "key:none" : $"key:{(ulong)(_xHead >> 64):x16}";
}
