using System.Numerics;
using WeCan.Contracts.Control;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// A point on the curve P-256 as a value of 64 bytes, X then Y, equal by content: a node's identity, or one side of a key
/// agreement. Whatever was read by <see cref="TryRead"/> lies on the curve; the default is no key.
/// </summary>
public readonly record struct P256PublicKey
{
    public const int Bytes = OverlayKey.Bytes;

    private static readonly BigInteger Prime = Constant("FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF");
    private static readonly BigInteger B = Constant("5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B");

    private readonly OverlayKey _point;

    private P256PublicKey(OverlayKey point) => _point = point;

    public bool IsNone => this == default;

    /// <summary>Reads exactly 64 bytes. False for every other length and for what is no point of the curve.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out P256PublicKey key)
    {
        key = default;
        if (!OverlayKey.TryRead(bytes, out var point) || !IsOnCurve(bytes))
            return false;
        key = new(point);
        return true;
    }

    /// <summary>Writes the 64 bytes.</summary>
    public void Write(Span<byte> destination) => _point.Write(destination);

    public byte[] ToArray() => _point.ToArray();

    /// <summary>The first eight bytes: enough to tell keys apart in a log.</summary>
    public override string ToString() => _point.ToString();

    /// <summary>For bytes that this process computed itself and that need no check.</summary>
    internal static P256PublicKey FromTrusted(ReadOnlySpan<byte> bytes) =>
        OverlayKey.TryRead(bytes, out var point) ? new(point) : throw new ArgumentException("A public key has 64 bytes, not all of them zero.", nameof(bytes));

    /// <summary>y² = x³ − 3x + b modulo the prime, both coordinates below it. A public value: the time this takes may depend on it.</summary>
    private static bool IsOnCurve(ReadOnlySpan<byte> bytes)
    {
        var x = new BigInteger(bytes[..32], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(bytes[32..], isUnsigned: true, isBigEndian: true);
        return x < Prime && y < Prime && ((y * y) - ((((x * x) - 3) * x) + B)) % Prime == BigInteger.Zero;
    }

    private static BigInteger Constant(string hex) => new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);
}
