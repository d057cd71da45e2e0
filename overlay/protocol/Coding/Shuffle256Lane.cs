using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Coding;

/// <summary>VPSHUFB on 256 bits: the products of a byte's two halves are looked up among 16 each, and added.</summary>
internal readonly struct Shuffle256Lane : IGf256Lane<Vector256<byte>, NibbleTables<Vector256<byte>>>
{
    public static string Name => "shuffle-256";

    public static bool IsSupported => Avx2.IsSupported;

    public static NibbleTables<Vector256<byte>> Prepare(byte factor)
    {
        var tables = Gf256.Nibbles(factor);
        var low = Vector128.Create(tables[..16]);
        var high = Vector128.Create(tables[16..]);
        return new(Vector256.Create(low, low), Vector256.Create(high, high));
    }

    public static Vector256<byte> Multiply(Vector256<byte> value, NibbleTables<Vector256<byte>> factor)
    {
        var half = Vector256.Create((byte)0x0F);
        var low = value & half;
        var high = (value.AsUInt16() >>> 4).AsByte() & half;
        return Avx2.Shuffle(factor.Low, low) ^ Avx2.Shuffle(factor.High, high);
    }

    public static Vector256<byte> MultiplyAdd(Vector256<byte> sum, Vector256<byte> value, NibbleTables<Vector256<byte>> factor) => sum ^ Multiply(value, factor);

    public static Vector256<byte> And(Vector256<byte> a, Vector256<byte> b) => a & b;
}
