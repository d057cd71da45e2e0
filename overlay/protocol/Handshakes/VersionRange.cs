namespace WeCan.Protocol.Handshakes;

/// <summary>The protocol versions that an end speaks: all from the lowest to the highest.</summary>
public readonly record struct VersionRange(byte Lowest, byte Highest)
{
    /// <summary>What this build speaks.</summary>
    public static readonly VersionRange Current = new(1, 1);

    internal bool IsValid => Lowest >= 1 && Lowest <= Highest;

    public bool Contains(byte version) => version >= Lowest && version <= Highest;

    /// <summary>The highest version that both speak; false if there is none.</summary>
    public bool TryNegotiate(VersionRange other, out byte version)
    {
        version = Math.Min(Highest, other.Highest);
        return version >= Math.Max(Lowest, other.Lowest);
    }
}
