namespace WeCan.Protocol.Wire;

/// <summary>Completes numbers of which the wire carries only the low bits to the one nearest to what is expected.</summary>
internal static class Serial
{
    /// <summary>The number with the given low 32 bits that lies nearest to <paramref name="expected"/>.</summary>
    public static ulong Expand32(uint low, ulong expected)
    {
        var difference = (int)(low - (uint)expected);
        return difference < 0 && (ulong)-(long)difference > expected ? low : expected + (ulong)(long)difference;
    }

    /// <summary>The number with the given low 24 bits that lies nearest to <paramref name="expected"/>.</summary>
    public static ulong Expand24(uint low, ulong expected)
    {
        var difference = (int)((low - (uint)expected) << 8) >> 8;
        return difference < 0 && (ulong)-(long)difference > expected ? low : expected + (ulong)(long)difference;
    }
}
