using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Coding;

/// <summary>GF2P8MULB on 128 bits: one instruction multiplies 16 bytes.</summary>
internal readonly struct Gfni128Lane : IGf256Lane<Vector128<byte>, Vector128<byte>>
{
    public static string Name => "gfni-128";

    public static bool IsSupported => Gfni.IsSupported;

    public static Vector128<byte> Prepare(byte factor) => Vector128.Create(factor);

    public static Vector128<byte> Multiply(Vector128<byte> value, Vector128<byte> factor) => Gfni.GaloisFieldMultiply(value, factor);

    public static Vector128<byte> MultiplyAdd(Vector128<byte> sum, Vector128<byte> value, Vector128<byte> factor) => sum ^ Gfni.GaloisFieldMultiply(value, factor);

    public static Vector128<byte> And(Vector128<byte> a, Vector128<byte> b) => a & b;
}
