using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Coding;

/// <summary>What one decoder may hold: this implementation's tuning, not the specification's.</summary>
internal static class CodingLimits
{
    /// <summary>
    /// Symbols whose bytes are remembered, by the low bits of their numbers: a newer one takes an older one's place, and a
    /// repair that covers the older one is of no use then. None is remembered anew while half of the node's packet memory is out.
    /// </summary>
    public const int RememberedSymbols = 256;

    /// <summary>
    /// Missing symbols that repairs are held for, and so the rows held, as each is solved for one of them. When there are
    /// more, the row for the oldest goes.
    /// </summary>
    public const int MaxUnknowns = WireLimits.MaxRepairSymbols;

    /// <summary>
    /// The most that one arrival costs: a repair is made of at most 64 regions, scaled, and taken out of the 63 other
    /// rows. A symbol that came costs less.
    /// </summary>
    public const int MaxRegionOperations = 2 * MaxUnknowns;
}
