using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Coding;

/// <summary>
/// The two bytes that stand before a symbol's content where it is combined with others: which piece it is, and how long.
/// docs/wire-format.md, section 5.9.
/// <code>
///   p p 0 0 0 l l l l l l l l l l l     p p: 0 whole, 1 first piece, 2 second piece     l: length
/// </code>
/// </summary>
internal static class SymbolHead
{
    private const int PieceShift = 14;
    private const int LengthMask = (1 << 11) - 1;
    private const int Reserved = ((1 << PieceShift) - 1) & ~LengthMask;

    public static ushort Of(sbyte piece, int length) => (ushort)(((piece - DataFrame.Whole) << PieceShift) | length);

    /// <summary>False for a head that no symbol has.</summary>
    public static bool TryRead(ushort head, out sbyte piece, out int length)
    {
        piece = (sbyte)((head >> PieceShift) + DataFrame.Whole);
        length = head & LengthMask;
        return piece <= 1 && (head & Reserved) == 0 && length is > 0 and <= WireLimits.MaxPathPacket;
    }
}
