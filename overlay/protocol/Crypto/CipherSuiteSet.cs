namespace WeCan.Protocol.Crypto;

/// <summary>
/// A set of cipher suites as one byte: bit <c>1 &lt;&lt; value</c> stands for the suite with that value. What an initiator
/// offers; bits of suites that this build does not know are kept, and mean nothing.
/// </summary>
public readonly record struct CipherSuiteSet(byte Bits)
{
    /// <summary>Every suite that this build can seal with; both of its providers know them all.</summary>
    public static readonly CipherSuiteSet Known = Of(CipherSuite.Aes128Gcm).With(CipherSuite.ChaCha20Poly1305);

    public static CipherSuiteSet Of(CipherSuite suite) => new((byte)(1 << (int)suite));

    public CipherSuiteSet With(CipherSuite suite) => new((byte)(Bits | Of(suite).Bits));

    /// <summary>False for every suite that this build does not know, whatever number a peer wrote.</summary>
    public bool Contains(CipherSuite suite) => CipherSuites.IsKnown(suite) && (Bits & Of(suite).Bits) != 0;

    /// <summary>
    /// Picks the suite for a link: <paramref name="preferred"/> if both sets have it, else the lowest that both have.
    /// False where they share none that this build knows.
    /// </summary>
    public bool TryPick(CipherSuiteSet offered, CipherSuite preferred, out CipherSuite suite)
    {
        var common = new CipherSuiteSet((byte)(Bits & offered.Bits & Known.Bits));
        suite = common.Contains(preferred) ? preferred
            : common.Contains(CipherSuite.Aes128Gcm) ? CipherSuite.Aes128Gcm
            : CipherSuite.ChaCha20Poly1305;
        return common.Bits != 0;
    }
}
