using System.Buffers.Binary;
using System.Numerics;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// A point on the curve P-256 as a value of 64 bytes, X then Y, equal by content: a node's identity, or one side of a key
/// agreement. Whatever was read by <see cref="TryRead"/> lies on the curve; the default is no key.
/// </summary>
public readonly record struct P256PublicKey
{
    public const int Bytes = 64;

    private static readonly BigInteger Prime = Constant("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    private static readonly BigInteger B = Constant("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    private readonly UInt128 _xHead;
    private readonly UInt128 _xTail;
    private readonly UInt128 _yHead;
    private readonly UInt128 _yTail;

    private P256PublicKey(ReadOnlySpan<byte> bytes)
    {
        _xHead = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _xTail = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
        _yHead = BinaryPrimitives.ReadUInt128BigEndian(bytes[32..]);
        _yTail = BinaryPrimitives.ReadUInt128BigEndian(bytes[48..]);
    }

    public bool IsNone => this == default;

    /// <summary>Reads exactly 64 bytes. False for every other length and for what is no point of the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out P256PublicKey key)
    {
        key = default;
        if (bytes.Length != Bytes || !IsOnCurve(bytes))
            return false;
        key = new(bytes);
        return true;
    }

    /// <summary>Writes the 64 bytes.</summary>
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
    public override string ToString() => IsNone ? "p256:none" : $"p256:{(ulong)(_xHead >> 64):x16}";

    /// <summary>For bytes that this process computed itself and that need no check.</summary>
    internal static P256PublicKey FromTrusted(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>y² = x³ − 3x + b modulo the prime, both coordinates below it. A public value: the time this takes may depend on it.</summary>
    private static bool IsOnCurve(ReadOnlySpan<byte> bytes)
    {
        var x = new BigInteger(bytes[..32], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(bytes[32..], isUnsigned: true, isBigEndian: true);
        return x < Prime && y < Prime && ((y * y) - ((((x * x) - 3) * x) + B)) % Prime == BigInteger.Zero;
    }

    private static BigInteger Constant(string hex) => new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);
}
