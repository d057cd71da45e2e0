namespace WeCan.Contracts.Control;

/// <summary>An edge's place in the bit strings of multicasts: which set of 256 edges, and which bit of it. Dense over the network's edges.</summary>
public readonly record struct EdgeIndex(byte Set, byte Bit)
{
    /// <summary>Both as one number, the set first.</summary>
    public ushort Value => (ushort)((Set << 8) | Bit);

    public static EdgeIndex From(ushort value) => new((byte)(value >> 8), (byte)value);

    public override string ToString() => $"{Set}.{Bit}";
}
