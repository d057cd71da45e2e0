using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Coding;

/// <summary>GF2P8MULB on 256 bits: one instruction multiplies 32 bytes.</summary>
internal readonly struct Gfni256Lane : IGf256Lane<Vector256<byte>, Vector256<byte>>
{
    public static string Name => "gfni-256";

    public static bool IsSupported => Gfni.V256.IsSupported;

    public static Vector256<byte> Prepare(byte factor) => Vector256.Create(factor);

    public static Vector256<byte> Multiply(Vector256<byte> value, Vector256<byte> factor) => Gfni.V256.GaloisFieldMultiply(value, factor);

    public static Vector256<byte> MultiplyAdd(Vector256<byte> sum, Vector256<byte> value, Vector256<byte> factor) => sum ^ Gfni.V256.GaloisFieldMultiply(value, factor);

    public static Vector256<byte> And(Vector256<byte> a, Vector256<byte> b) => a & b;
}
