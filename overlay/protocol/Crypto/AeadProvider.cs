namespace WeCan.Protocol.Crypto;

/// <summary>
/// Where the ciphers come from. Chosen once for the process: OpenSSL called directly where its library is found and
/// works as expected, else .NET's classes. Tests and benchmarks choose for themselves.
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

    public static AeadProvider Best { get; } = OpenSsl ?? DotNet;

    public static IReadOnlyList<AeadProvider> All { get; } = OpenSsl is null ? [DotNet] : [OpenSsl, DotNet];

    /// <summary>For people: in benchmarks and in a daemon's first log line.</summary>
    public abstract string Name { get; }

    internal abstract AeadKey CreateKey(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv);
}
