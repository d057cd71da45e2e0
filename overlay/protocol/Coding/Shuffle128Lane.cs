using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Coding;

/// <summary>PSHUFB, or TBL, on 128 bits: the products of a byte's two halves are looked up among 16 each, and added.</summary>
internal readonly struct Shuffle128Lane : IGf256Lane<Vector128<byte>, NibbleTables<Vector128<byte>>>
{
    public static string Name => "shuffle-128";

    public static bool IsSupported => Ssse3.IsSupported || AdvSimd.Arm64.IsSupported;

    public static NibbleTables<Vector128<byte>> Prepare(byte factor)
    {
        var tables = Gf256.Nibbles(factor);
        return new(Vector128.Create(tables[..16]), Vector128.Create(tables[16..]));
    }

    public static Vector128<byte> Multiply(Vector128<byte> value, NibbleTables<Vector128<byte>> factor)
    {
        var half = Vector128.Create((byte)0x0F);
        var low = value & half;
        var high = (value.AsUInt16() >>> 4).AsByte() & half;
        return Vector128.ShuffleNative(factor.Low, low) ^ Vector128.ShuffleNative(factor.High, high);
    }

    public static Vector128<byte> MultiplyAdd(Vector128<byte> sum, Vector128<byte> value, NibbleTables<Vector128<byte>> factor) => sum ^ Multiply(value, factor);

    public static Vector128<byte> And(Vector128<byte> a, Vector128<byte> b) => a & b;
}
