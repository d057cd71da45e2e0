namespace WeCan.Protocol.Wire;

/// <summary>
/// How long ago, in packets, a flow to many last took a destination in again, in the three bits that name the route in a flow to one. Who comes
/// back sees a gap in the numbers that reaches behind that; a gap that does not was lost. docs/wire-format.md, section 7.4.
/// </summary>
internal static class AudienceAge
{
    /// <summary>None came back in as many packets as a gap may have.</summary>
    public const int Long = 0;

    private static ReadOnlySpan<uint> Least => [0, 4, 16, 64, 256, 2_048, 16_384, 65_536];

    /// <summary>The code of so many packets.</summary>
    public static int CodeOf(uint packets)
    {
        for (var code = 1; code < Least.Length; code++)
        {
            if (packets < Least[code])
                return code;
        }

        return Long;
    }

    /// <summary>Whether a step from one number to another may reach behind the moment at which a destination came back.</summary>
    public static bool Spans(int code, int step) => code != Long && step > Least[code - 1];
}
