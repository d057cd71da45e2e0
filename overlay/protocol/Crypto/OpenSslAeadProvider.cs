namespace WeCan.Protocol.Crypto;

/// <summary>
/// OpenSSL's ciphers, fetched once for the process. Created only if they agree with .NET's classes on a packet, so that a
/// libcrypto that behaves in another way than the one this was written against means the slower provider, never wrong bytes.
/// </summary>
internal sealed class OpenSslAeadProvider : AeadProvider
{
    private readonly nint _aes;
    private readonly nint _chaCha;

    private OpenSslAeadProvider(nint aes, nint chaCha)
    {
        _aes = aes;
        _chaCha = chaCha;
    }

    public override string Name => "openssl";

    public static OpenSslAeadProvider? TryCreate()
    {
        if (!LibCrypto.IsUsable)
            return null;
        var provider = new OpenSslAeadProvider(LibCrypto.FetchCipher(CipherSuite.Aes128Gcm), LibCrypto.FetchCipher(CipherSuite.ChaCha20Poly1305));
        return provider._aes != 0 && provider._chaCha != 0
            && provider.AgreesWithDotNet(CipherSuite.Aes128Gcm) && provider.AgreesWithDotNet(CipherSuite.ChaCha20Poly1305)
            ? provider
            : null;
    }

    internal override AeadKey CreateKey(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) =>
        new OpenSslAeadKey(suite == CipherSuite.Aes128Gcm ? _aes : _chaCha, key, iv);

    private bool AgreesWithDotNet(CipherSuite suite)
    {
        Span<byte> bytes = stackalloc byte[101], ours = stackalloc byte[bytes.Length + AeadKey.TagBytes], theirs = stackalloc byte[ours.Length];
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
