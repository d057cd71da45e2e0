namespace WeCan.Protocol.Crypto;

/// <summary>The fallback: see <see cref="AeadProvider.DotNet"/>.</summary>
internal sealed class DotNetAeadProvider : AeadProvider
{
    public override string Name => "dotnet";

    internal override AeadKey CreateKey(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) =>
        suite == CipherSuite.Aes128Gcm ? new DotNetAesGcmKey(key, iv) : new DotNetChaChaKey(key, iv);
}
