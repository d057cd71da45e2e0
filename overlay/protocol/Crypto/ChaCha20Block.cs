using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace WeCan.Protocol.Crypto;

/// <summary>
/// The block function of ChaCha20 (RFC 8439, section 2.3), for <see cref="DeterministicRandom"/> alone: datagrams are
/// sealed by <see cref="AeadKey"/>. The state's four rows are vectors, so a round works on four columns at once.
/// </summary>
internal static class ChaCha20Block
{
    public const int Bytes = 64;

    private const int DoubleRounds = 10;

    /// <summary>Writes the 64 bytes for a key of 32 bytes, a block counter, and a nonce of 12 bytes (empty: all zero).</summary>
    public static void Write(ReadOnlySpan<byte> key, uint counter, ReadOnlySpan<byte> nonce, Span<byte> destination)
    {
        var constants = Vector128.Create(0x61707865u, 0x3320646eu, 0x79622d32u, 0x6b206574u);
        var keyHead = Row(key);
        var keyTail = Row(key[16..]);
        var position = nonce.IsEmpty
            ? Vector128.CreateScalar(counter)
            : Vector128.Create(counter, Word(nonce, 0), Word(nonce, 1), Word(nonce, 2));
        var (a, b, c, d) = (constants, keyHead, keyTail, position);
        for (var round = 0; round < DoubleRounds; round++)
        {
            QuarterRounds(ref a, ref b, ref c, ref d);
            b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
            QuarterRounds(ref a, ref b, ref c, ref d);
            b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
        }

        Store(a + constants, destination);
        Store(b + keyHead, destination[16..]);
        Store(c + keyTail, destination[32..]);
        Store(d + position, destination[48..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRounds(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d)
    {
        a += b;
        d = RotateLeft(d ^ a, 16);
        c += d;
        b = RotateLeft(b ^ c, 12);
        a += b;
        d = RotateLeft(d ^ a, 8);
        c += d;
        b = RotateLeft(b ^ c, 7);
    }

    private static Vector128<uint> RotateLeft(Vector128<uint> value, int bits) => (value << bits) | (value >>> (32 - bits));

    private static uint Word(ReadOnlySpan<byte> bytes, int index) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * index)..]);

    private static Vector128<uint> Row(ReadOnlySpan<byte> bytes) =>
        Vector128.Create(Word(bytes, 0), Word(bytes, 1), Word(bytes, 2), Word(bytes, 3));

    private static void Store(Vector128<uint> row, Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            row.AsByte().CopyTo(destination);
            return;
        }

        for (var word = 0; word < 4; word++)
            BinaryPrimitives.WriteUInt32LittleEndian(destination[(4 * word)..], row[word]);
    }
}
