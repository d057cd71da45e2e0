namespace WeCan.Protocol.Coding;

/// <summary>
/// The coefficients of repairs: a Cauchy matrix over GF(256) whose rows are the upper 128 elements and whose columns the
/// lower 128, so that no coefficient is 0 and every square part of it can be inverted. docs/wire-format.md, section 5.9;
/// docs/decisions/0006 says why not random ones.
/// </summary>
internal static class Cauchy
{
    /// <summary>Rows, and columns, that differ in their low bits: symbols that agree in them cannot be told apart by any repairs.</summary>
    public const int Order = 128;

    public static byte Coefficient(byte row, ulong symbol) =>
        Gf256.Inverse((byte)(((row & (Order - 1)) | Order) ^ (int)(symbol & (Order - 1))));
}
