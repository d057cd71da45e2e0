using System.Numerics;

namespace WeCan.Protocol.Paths;

/// <summary>A bit string of edges as it stands in a multicast packet: bit <i>i</i> (0 the lowest) of byte <i>j</i> is number 8 × j + i.</summary>
internal static class EdgeBits
{
    /// <summary>The first bit from a number on that is set, or -1.</summary>
    public static int Next(ReadOnlySpan<byte> bits, int from)
    {
        for (var at = from >> 3; at < bits.Length; at++)
        {
            var rest = bits[at] & (at == from >> 3 ? 0xFF << (from & 7) : 0xFF) & 0xFF;
            if (rest != 0)
                return (8 * at) + BitOperations.TrailingZeroCount(rest);
        }

        return -1;
    }

    /// <summary>Takes a bit out; false if it was not in.</summary>
    public static bool TryTake(Span<byte> bits, int bit)
    {
        var was = (bits[bit >> 3] & (1 << (bit & 7))) != 0;
        bits[bit >> 3] &= (byte)~(1 << (bit & 7));
        return was;
    }

    public static void Put(Span<byte> bits, int bit) => bits[bit >> 3] |= (byte)(1 << (bit & 7));

    public static bool Overlaps(ReadOnlySpan<byte> bits, ReadOnlySpan<byte> mask)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            if ((bits[i] & mask[i]) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Moves the bits of a mask from one string to another, where others may stand already.</summary>
    public static void Move(Span<byte> from, ReadOnlySpan<byte> mask, Span<byte> to)
    {
        for (var i = 0; i < mask.Length; i++)
        {
            to[i] |= (byte)(from[i] & mask[i]);
            from[i] &= (byte)~mask[i];
        }
    }
}
