using System.Buffers.Binary;

namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>
/// Hashes of tokens, seeded, so that nobody who chooses names can choose which of them meet in a table. Multiplies 64 by 64 bits and
/// folds, eight bytes at a time.
/// </summary>
internal static class TokenHash
{
    private const ulong First = 0x9E37_79B9_7F4A_7C15;
    private const ulong Second = 0xD6E8_FEB8_6659_FD93;

    public static ulong Of(ulong seed, ReadOnlySpan<byte> token)
    {
        var hash = seed ^ ((ulong)token.Length * First);
        while (token.Length >= sizeof(ulong))
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(token), Second ^ seed);
            token = token[sizeof(ulong)..];
        }

        if (!token.IsEmpty)
            hash = Fold(hash ^ ReadTail(token), First ^ seed);
        return hash;
    }

    /// <summary>A token under a parent of the tree.</summary>
    public static uint Under(ulong token, int parent) => (uint)Fold(token ^ ((ulong)(uint)parent * First), Second);

    private static ulong ReadTail(ReadOnlySpan<byte> token)
    {
        if (token.Length >= sizeof(uint))
            return BinaryPrimitives.ReadUInt32LittleEndian(token) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(token[^4..]) << 32);
        return token[0] | ((ulong)token[token.Length / 2] << 8) | ((ulong)token[^1] << 16);
    }

    private static ulong Fold(ulong one, ulong other)
    {
        var high = Math.BigMul(one, other, out var low);
        return high ^ low;
    }
}
