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
}
