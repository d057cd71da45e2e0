namespace WeCan.Protocol.Coding;

/// <summary>
/// The field of 256 elements over the polynomial x^8 + x^4 + x^3 + x + 1 (0x11B), the one that GF2P8MULB multiplies in.
/// Addition is XOR. What is done to whole regions is done by the best <see cref="Gf256Kernel"/> of this machine.
/// </summary>
internal static class Gf256
{
    private const int Polynomial = 0x11B;

    private static readonly byte[] Products = MakeProducts();
    private static readonly byte[] Inverses = MakeInverses();
    private static readonly byte[] NibbleProducts = MakeNibbleProducts();

    public static byte Multiply(byte a, byte b) => Products[(a << 8) | b];

    /// <summary>The element whose product with this one is 1; 0 for 0.</summary>
    public static byte Inverse(byte a) => Inverses[a];

    /// <summary>The products of one element with all 256, in order.</summary>
    public static ReadOnlySpan<byte> Row(byte factor) => Products.AsSpan(factor << 8, 256);

    /// <summary>The products of one element with 0 to 15, and then with 0 to 15 times 16.</summary>
    public static ReadOnlySpan<byte> Nibbles(byte factor) => NibbleProducts.AsSpan(factor * 32, 32);

    /// <summary>The product of a head's two bytes with one element.</summary>
    public static ushort MultiplyHead(byte factor, ushort head) =>
        (ushort)((Multiply(factor, (byte)(head >> 8)) << 8) | Multiply(factor, (byte)head));

    /// <summary>Adds factor × source to the destination, which is as long and does not overlap it.</summary>
    public static void MultiplyAdd(Span<byte> destination, ReadOnlySpan<byte> source, byte factor) =>
        Gf256Kernel.Best.MultiplyAdd(destination, source, factor);

    public static void Scale(Span<byte> region, byte factor) => Gf256Kernel.Best.Scale(region, factor);

    private static byte[] MakeProducts()
    {
        var products = new byte[256 * 256];
        for (var a = 0; a < 256; a++)
        {
            // Doubling and adding: the product with b is that with b/2, twice, and a once more when b is odd.
            for (var b = 1; b < 256; b++)
            {
                var twice = products[(a << 8) | (b >> 1)] << 1;
                twice = (twice & 0x100) == 0 ? twice : twice ^ Polynomial;
                products[(a << 8) | b] = (byte)(twice ^ ((b & 1) * a));
            }
        }

        return products;
    }

    private static byte[] MakeInverses()
    {
        var inverses = new byte[256];
        for (var a = 1; a < 256; a++)
            inverses[a] = (byte)Row((byte)a).IndexOf((byte)1);
        return inverses;
    }

    private static byte[] MakeNibbleProducts()
    {
        var products = new byte[256 * 32];
        for (var at = 0; at < products.Length; at++)
            products[at] = Multiply((byte)(at >> 5), (byte)((at & 16) == 0 ? at & 15 : (at & 15) << 4));
        return products;
    }
}
