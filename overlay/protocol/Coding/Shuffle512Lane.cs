using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Coding;

/// <summary>VPSHUFB on 512 bits: the products of a byte's two halves are looked up among 16 each, and added.</summary>
internal readonly struct Shuffle512Lane : IGf256Lane<Vector512<byte>, NibbleTables<Vector512<byte>>>
{
    public static string Name => "shuffle-512";

    public static bool IsSupported => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;

    public static NibbleTables<Vector512<byte>> Prepare(byte factor)
    {
        var tables = Gf256.Nibbles(factor);
        var low = Vector128.Create(tables[..16]);
        var high = Vector128.Create(tables[16..]);
        return new(Widen(low), Widen(high));
    }

    public static Vector512<byte> Multiply(Vector512<byte> value, NibbleTables<Vector512<byte>> factor)
    {
        var half = Vector512.Create((byte)0x0F);
        var low = value & half;
        var high = (value.AsUInt16() >>> 4).AsByte() & half;
        return Avx512BW.Shuffle(factor.Low, low) ^ Avx512BW.Shuffle(factor.High, high);
    }

    public static Vector512<byte> MultiplyAdd(Vector512<byte> sum, Vector512<byte> value, NibbleTables<Vector512<byte>> factor) => sum ^ Multiply(value, factor);

    public static Vector512<byte> And(Vector512<byte> a, Vector512<byte> b) => a & b;

    private static Vector512<byte> Widen(Vector128<byte> table)
    {
        var half = Vector256.Create(table, table);
        return Vector512.Create(half, half);
    }
}
