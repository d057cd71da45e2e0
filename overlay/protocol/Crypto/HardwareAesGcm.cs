using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// AES-128-GCM (NIST SP 800-38D) on the processor's own instructions, for nonces of 12 bytes: eight blocks of the counter at a time,
/// and eight blocks of the hash to one reduction (<see cref="Ghash"/>). No branch and no address depends on a secret byte, and the instructions
/// take the same time whatever they are given. A schedule is <see cref="ScheduleBytes"/> long: 11 round keys, and the hash's powers.
/// To be called only where <see cref="IsSupported"/>. Compiled whole at the first call: until the runtime came
/// back to them, intrinsics would be many times slower.
/// </summary>
internal static class HardwareAesGcm
{
    public const int ScheduleBytes = PowersAt + Ghash.PowerBytes;

    private const int Block = 16;
    private const int Chunk = 8 * Block;
    private const int Rounds = 10;

    /// <summary>Behind the round keys, at the start of the next line of the cache.</summary>
    private const int PowersAt = 3 * 64;

    public static bool IsSupported => Aes.IsSupported && Ghash.IsSupported;

    /// <summary>Makes the schedule of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Expand(ReadOnlySpan<byte> key, Span<byte> schedule)
    {
        ref var keys = ref MemoryMarshal.GetReference(schedule[..ScheduleBytes]);
        var round = Vector128.Create(key);
        round.StoreUnsafe(ref keys);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x01)), ref keys, 1);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x02)), ref keys, 2);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x04)), ref keys, 3);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x08)), ref keys, 4);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x10)), ref keys, 5);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x20)), ref keys, 6);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x40)), ref keys, 7);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x80)), ref keys, 8);
        round = Keep(NextKey(round, Aes.KeygenAssist(round, 0x1B)), ref keys, 9);
        Keep(NextKey(round, Aes.KeygenAssist(round, 0x36)), ref keys, Rounds);
        Ghash.Expand(Encrypt(Vector128<byte>.Zero, ref keys), ref Unsafe.Add(ref keys, PowersAt));
    }

    /// <summary>Seals into a place that begins where the plaintext does or does not touch it, and gives the tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<byte> Seal(ReadOnlySpan<byte> schedule, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        ref var keys = ref MemoryMarshal.GetReference(schedule[..ScheduleBytes]);
        ref var powers = ref Unsafe.Add(ref keys, PowersAt);
        ref var from = ref MemoryMarshal.GetReference(plaintext);
        ref var to = ref MemoryMarshal.GetReference(destination[..plaintext.Length]);
        var counter = FirstCounter(nonce);
        var mask = Encrypt(InOrder(counter), ref keys);
        var hash = Ghash.AbsorbPadded(Vector128<ulong>.Zero, associated, ref powers);
        var at = 0;
        for (; at + Chunk <= plaintext.Length; at += Chunk)
        {
            counter = EncryptChunk(counter, ref keys, ref Unsafe.Add(ref from, at), ref Unsafe.Add(ref to, at));

            // One chunk behind: what was stored in pieces a moment ago cannot be loaded whole at once.
            if (at > 0)
                hash = Ghash.AbsorbChunk(hash, ref Unsafe.Add(ref to, at - Chunk), ref powers);
        }

        if (at > 0)
            hash = Ghash.AbsorbChunk(hash, ref Unsafe.Add(ref to, at - Chunk), ref powers);
        Span<byte> last = stackalloc byte[Chunk + Block];
        plaintext[at..].CopyTo(last);
        EncryptChunk(counter, ref keys, ref last[0], ref last[0]);
        var left = plaintext.Length - at;
        last[..left].CopyTo(destination[at..]);
        last[left..].Clear();
        hash = AbsorbLast(hash, last, left, associated.Length, plaintext.Length, ref powers);
        return Ghash.Finish(hash) ^ mask;
    }

    /// <summary>As <see cref="Seal"/>, the other way. The plaintext is not to be shown to anybody before the tag that this gives was compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<byte> Open(ReadOnlySpan<byte> schedule, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associated, ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        ref var keys = ref MemoryMarshal.GetReference(schedule[..ScheduleBytes]);
        ref var powers = ref Unsafe.Add(ref keys, PowersAt);
        ref var from = ref MemoryMarshal.GetReference(ciphertext);
        ref var to = ref MemoryMarshal.GetReference(destination[..ciphertext.Length]);
        var counter = FirstCounter(nonce);
        var mask = Encrypt(InOrder(counter), ref keys);
        var hash = Ghash.AbsorbPadded(Vector128<ulong>.Zero, associated, ref powers);
        var at = 0;
        for (; at + Chunk <= ciphertext.Length; at += Chunk)
        {
            hash = Ghash.AbsorbChunk(hash, ref Unsafe.Add(ref from, at), ref powers);
            counter = EncryptChunk(counter, ref keys, ref Unsafe.Add(ref from, at), ref Unsafe.Add(ref to, at));
        }

        Span<byte> last = stackalloc byte[Chunk + Block];
        ciphertext[at..].CopyTo(last);
        var left = ciphertext.Length - at;
        hash = AbsorbLast(hash, last, left, associated.Length, ciphertext.Length, ref powers);
        EncryptChunk(counter, ref keys, ref last[0], ref last[0]);
        last[..left].CopyTo(destination[at..]);
        last.Clear();
        return Ghash.Finish(hash) ^ mask;
    }

    /// <summary>The first block of the counter, its number 1 as a number and not as bytes, so that it can be added to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> FirstCounter(ReadOnlySpan<byte> nonce) => Vector128.Create(
        MemoryMarshal.Read<uint>(nonce), MemoryMarshal.Read<uint>(nonce[4..]), MemoryMarshal.Read<uint>(nonce[8..]), 1U);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> InOrder(Vector128<uint> counter) =>
        Ssse3.Shuffle(counter.AsByte(), Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12));

    /// <summary>XORs eight blocks with those of the counter behind this one, and gives the last of these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> EncryptChunk(Vector128<uint> counter, ref byte keys, ref byte from, ref byte to)
    {
        var one = Vector128.Create(0U, 0U, 0U, 1U);
        var key = Vector128.LoadUnsafe(ref keys);
        var b0 = InOrder(counter += one) ^ key;
        var b1 = InOrder(counter += one) ^ key;
        var b2 = InOrder(counter += one) ^ key;
        var b3 = InOrder(counter += one) ^ key;
        var b4 = InOrder(counter += one) ^ key;
        var b5 = InOrder(counter += one) ^ key;
        var b6 = InOrder(counter += one) ^ key;
        var b7 = InOrder(counter += one) ^ key;
        for (nuint round = 1; round < Rounds; round++)
        {
            key = Vector128.LoadUnsafe(ref keys, round * Block);
            b0 = Aes.Encrypt(b0, key);
            b1 = Aes.Encrypt(b1, key);
            b2 = Aes.Encrypt(b2, key);
            b3 = Aes.Encrypt(b3, key);
            b4 = Aes.Encrypt(b4, key);
            b5 = Aes.Encrypt(b5, key);
            b6 = Aes.Encrypt(b6, key);
            b7 = Aes.Encrypt(b7, key);
        }

        key = Vector128.LoadUnsafe(ref keys, Rounds * Block);
        (Aes.EncryptLast(b0, key) ^ Vector128.LoadUnsafe(ref from)).StoreUnsafe(ref to);
        (Aes.EncryptLast(b1, key) ^ Vector128.LoadUnsafe(ref from, 1 * Block)).StoreUnsafe(ref to, 1 * Block);
        (Aes.EncryptLast(b2, key) ^ Vector128.LoadUnsafe(ref from, 2 * Block)).StoreUnsafe(ref to, 2 * Block);
        (Aes.EncryptLast(b3, key) ^ Vector128.LoadUnsafe(ref from, 3 * Block)).StoreUnsafe(ref to, 3 * Block);
        (Aes.EncryptLast(b4, key) ^ Vector128.LoadUnsafe(ref from, 4 * Block)).StoreUnsafe(ref to, 4 * Block);
        (Aes.EncryptLast(b5, key) ^ Vector128.LoadUnsafe(ref from, 5 * Block)).StoreUnsafe(ref to, 5 * Block);
        (Aes.EncryptLast(b6, key) ^ Vector128.LoadUnsafe(ref from, 6 * Block)).StoreUnsafe(ref to, 6 * Block);
        (Aes.EncryptLast(b7, key) ^ Vector128.LoadUnsafe(ref from, 7 * Block)).StoreUnsafe(ref to, 7 * Block);
        return counter;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Encrypt(Vector128<byte> block, ref byte keys)
    {
        block ^= Vector128.LoadUnsafe(ref keys);
        for (nuint round = 1; round < Rounds; round++)
            block = Aes.Encrypt(block, Vector128.LoadUnsafe(ref keys, round * Block));
        return Aes.EncryptLast(block, Vector128.LoadUnsafe(ref keys, Rounds * Block));
    }

    /// <summary>Takes in the bytes that made no whole chunk, padded with zeros to whole blocks, and behind them both lengths in bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> AbsorbLast(Vector128<ulong> hash, Span<byte> last, int left, int associated, int length, ref byte powers)
    {
        var blocks = (left + Block - 1) / Block;
        Ghash.WriteLengths(last[(blocks * Block)..], associated, length);
        return Ghash.Absorb(hash, ref last[0], blocks + 1, ref powers);
    }

    private static Vector128<byte> Keep(Vector128<byte> key, ref byte keys, nuint round)
    {
        key.StoreUnsafe(ref keys, round * Block);
        return key;
    }

    /// <summary>FIPS 197, section 5.2: each word is XORed with all before it, and all with the last one's turned and substituted form.</summary>
    private static Vector128<byte> NextKey(Vector128<byte> key, Vector128<byte> assist)
    {
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 8);
        return key ^ Sse2.Shuffle(assist.AsInt32(), 0xFF).AsByte();
    }
}
