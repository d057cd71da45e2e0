using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Coding;

/// <summary>GF2P8MULB on 512 bits: one instruction multiplies 64 bytes.</summary>
internal readonly struct Gfni512Lane : IGf256Lane<Vector512<byte>, Vector512<byte>>
{
    public static string Name => "gfni-512";

    public static bool IsSupported => Gfni.V512.IsSupported;

    public static Vector512<byte> Prepare(byte factor) => Vector512.Create(factor);

    public static Vector512<byte> Multiply(Vector512<byte> value, Vector512<byte> factor) => Gfni.V512.GaloisFieldMultiply(value, factor);

    public static Vector512<byte> MultiplyAdd(Vector512<byte> sum, Vector512<byte> value, Vector512<byte> factor) => sum ^ Gfni.V512.GaloisFieldMultiply(value, factor);

    public static Vector512<byte> And(Vector512<byte> a, Vector512<byte> b) => a & b;
}
