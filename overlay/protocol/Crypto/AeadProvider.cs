namespace WeCan.Protocol.Crypto;

/// <summary>
/// Where the ciphers come from. Chosen once for the process: AES on the processor's own instructions where it has them, else OpenSSL
/// called directly where its library is found and works as expected, else .NET's classes. Tests and benchmarks choose for themselves.
/// </summary>
public abstract class AeadProvider
{
    private protected AeadProvider()
    {
    }

    /// <summary>.NET's own classes: always there, two to four times slower, and an exception inside for every datagram that does not open.</summary>
    public static AeadProvider DotNet { get; } = new DotNetAeadProvider();

    /// <summary>OpenSSL with contexts kept per key; null where this machine has no usable libcrypto.</summary>
    public static AeadProvider? OpenSsl { get; } = OpenSslAeadProvider.TryCreate();

    /// <summary>AES on the processor's own instructions; null where it has none, as other processors than x86-64.</summary>
    public static AeadProvider? Hardware { get; } = HardwareAeadProvider.TryCreate(OpenSsl ?? DotNet);

    public static AeadProvider Best { get; } = Hardware ?? OpenSsl ?? DotNet;

    /// <summary>The best first.</summary>
    public static IReadOnlyList<AeadProvider> All { get; } = [.. new[] { Hardware, OpenSsl, DotNet }.OfType<AeadProvider>()];

    /// <summary>For people: in benchmarks and in a daemon's first log line.</summary>
    public abstract string Name { get; }

    internal abstract AeadKey CreateKey(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv);

    /// <summary>Whether a packet is sealed and opened, and a damaged one refused, as by .NET's classes.</summary>
    private protected bool AgreesWithDotNet(CipherSuite suite)
    {
        Span<byte> bytes = stackalloc byte[301], ours = stackalloc byte[bytes.Length + AeadKey.TagBytes], theirs = stackalloc byte[ours.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)i;
        var key = bytes[..CipherSuites.KeyBytes(suite)];
        var iv = bytes[..AeadKey.IvBytes];
        using var own = CreateKey(suite, key, iv);
        using var reference = DotNet.CreateKey(suite, key, iv);
        own.Seal(7, bytes[..9], bytes, ours);
        reference.Seal(7, bytes[..9], bytes, theirs);
        var same = ours.SequenceEqual(theirs);
        ours[^1] ^= 1;
        return same && own.TryOpen(7, bytes[..9], theirs, theirs) && !own.TryOpen(7, bytes[..9], ours, ours);
    }
}
