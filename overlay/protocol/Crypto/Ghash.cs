using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// The hash of AES-GCM by carry-less multiplication. A block is turned around, so that it is a number whose bit 127 is x^0; products
/// come out shifted by one, for which the powers of the key are kept times x; and a sum of products is reduced once, by Montgomery's way, in
/// which the modulus x^128 + x^7 + x^2 + x + 1 is one multiplication for each half. Constant in time.
/// </summary>
internal static class Ghash
{
    /// <summary>The key to the 16th power first, the key itself last.</summary>
    public const int PowerBytes = Powers * Block;

    private const int Powers = 16;
    private const int Block = 16;
    private const int Half = 8 * Block;

    /// <summary>The lower coefficients of the modulus, turned around and shifted by one.</summary>
    private const ulong Modulus = 0xC200_0000_0000_0000;

    public static bool IsSupported => Pclmulqdq.IsSupported && Ssse3.IsSupported;

    /// <summary>Fills in the powers of the hash key.</summary>
    public static void Expand(Vector128<byte> hashKey, ref byte powers)
    {
        var key = Turn(hashKey).AsUInt64();
        var (low, high) = (key[0], key[1]);
        var top = 0UL - (high >> 63);
        var power = key = Vector128.Create((low << 1) ^ (top & 1), ((high << 1) | (low >> 63)) ^ (top & Modulus));
        for (var place = Powers - 1; place >= 0; place--)
        {
            power.AsByte().StoreUnsafe(ref powers, (nuint)(place * Block));
            power = Multiply(power, key);
        }
    }

    /// <summary>Takes in bytes of any length, padded with zeros to whole blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AbsorbPadded(Vector128<ulong> hash, ReadOnlySpan<byte> bytes, ref byte powers)
    {
        Span<byte> block = stackalloc byte[Block];
        for (; bytes.Length > 0; bytes = bytes[Math.Min(Block, bytes.Length)..])
        {
            block.Clear();
            bytes[..Math.Min(Block, bytes.Length)].CopyTo(block);
            hash = Absorb(hash, ref block[0], 1, ref powers);
        }

        return hash;
    }

    /// <summary>Takes in 1 to 16 whole blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Absorb(Vector128<ulong> hash, ref byte blocks, int count, ref byte powers)
    {
        var (low, middle, high) = (Vector128<ulong>.Zero, Vector128<ulong>.Zero, Vector128<ulong>.Zero);
        ref var power = ref Unsafe.Add(ref powers, (Powers - count) * Block);
        for (nuint at = 0; at < (nuint)(count * Block); at += Block)
        {
            var block = Turn(Vector128.LoadUnsafe(ref blocks, at)).AsUInt64() ^ hash;
            hash = Vector128<ulong>.Zero;
            var times = Vector128.LoadUnsafe(ref power, at).AsUInt64();
            low ^= Pclmulqdq.CarrylessMultiply(block, times, 0x00);
            middle ^= Pclmulqdq.CarrylessMultiply(block, times, 0x01) ^ Pclmulqdq.CarrylessMultiply(block, times, 0x10);
            high ^= Pclmulqdq.CarrylessMultiply(block, times, 0x11);
        }

        return Reduce(low, middle, high);
    }

    /// <summary>Takes in eight whole blocks: four to a register, where there are registers for four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> AbsorbChunk(Vector128<ulong> hash, ref byte blocks, ref byte powers)
    {
        if (!Pclmulqdq.V512.IsSupported || !Avx512BW.IsSupported)
            return Absorb(hash, ref blocks, Half / Block, ref powers);
        ref var eighth = ref Unsafe.Add(ref powers, Half);
        var order = Vector512.Create(Turned, Turned);
        var first = Avx512BW.Shuffle(Vector512.LoadUnsafe(ref blocks), order).AsUInt64() ^ hash.ToVector256().ToVector512();
        var second = Avx512BW.Shuffle(Vector512.LoadUnsafe(ref blocks, Half / 2), order).AsUInt64();
        var higher = Vector512.LoadUnsafe(ref eighth).AsUInt64();
        var lower = Vector512.LoadUnsafe(ref eighth, Half / 2).AsUInt64();
        var low = Pclmulqdq.V512.CarrylessMultiply(first, higher, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(second, lower, 0x00);
        var middle = Pclmulqdq.V512.CarrylessMultiply(first, higher, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(first, higher, 0x10)
            ^ Pclmulqdq.V512.CarrylessMultiply(second, lower, 0x01) ^ Pclmulqdq.V512.CarrylessMultiply(second, lower, 0x10);
        var high = Pclmulqdq.V512.CarrylessMultiply(first, higher, 0x11) ^ Pclmulqdq.V512.CarrylessMultiply(second, lower, 0x11);
        return Reduce(Sum(low), Sum(middle), Sum(high));
    }

    /// <summary>The block that ends what is hashed: both lengths in bits.</summary>
    public static void WriteLengths(Span<byte> block, int associated, int length)
    {
        BinaryPrimitives.WriteUInt64BigEndian(block, (ulong)associated * 8);
        BinaryPrimitives.WriteUInt64BigEndian(block[8..], (ulong)length * 8);
    }

    public static Vector128<byte> Finish(Vector128<ulong> hash) => Turn(hash.AsByte());

    private static Vector256<byte> Turned
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Turn(Vector128<byte> block) => Ssse3.Shuffle(block, Turned.GetLower());

    private static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> right) => Reduce(
        Pclmulqdq.CarrylessMultiply(left, right, 0x00),
        Pclmulqdq.CarrylessMultiply(left, right, 0x01) ^ Pclmulqdq.CarrylessMultiply(left, right, 0x10),
        Pclmulqdq.CarrylessMultiply(left, right, 0x11));

    /// <summary>A product of 256 bits, its middle 128 apart, to 128: the lower half folds into the middle, and what is low of that into the upper.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        var modulus = Vector128.CreateScalar(Modulus);
        middle ^= Swap(low) ^ Pclmulqdq.CarrylessMultiply(low, modulus, 0x00);
        return high ^ Swap(middle) ^ Pclmulqdq.CarrylessMultiply(middle, modulus, 0x00);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Swap(Vector128<ulong> value) => Sse2.Shuffle(value.AsInt32(), 0x4E).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Sum(Vector512<ulong> parts)
    {
        var halves = parts.GetLower() ^ parts.GetUpper();
        return halves.GetLower() ^ halves.GetUpper();
    }
}
