using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WeCan.Contracts.Control;

/// <summary>A SHA-256 value, equal by content: what stands for an authority's certificate, a TLS key, or a token's secret. The default is none.</summary>
public readonly record struct Fingerprint
{
    public const int Bytes = 32;

    private readonly UInt128 _head;
    private readonly UInt128 _tail;

    private Fingerprint(ReadOnlySpan<byte> bytes)
    {
        _head = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _tail = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    public bool IsNone => this == default;

    public static Fingerprint Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(data, hash);
        return new(hash);
    }

    /// <summary>Reads exactly 32 bytes. False for every other length.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Fingerprint fingerprint)
    {
        fingerprint = default;
        if (bytes.Length != Bytes)
            return false;
        fingerprint = new(bytes);
        return true;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _head);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _tail);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Bytes];
        Write(bytes);
        return bytes;
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool EqualsInConstantTime(Fingerprint other) =>
        ((_head ^ other._head) | (_tail ^ other._tail)) == UInt128.Zero;

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
