namespace WeCan.Protocol.Crypto;

/// <summary>
/// AES-128-GCM on the processor's instructions (docs/decisions/0034), and the other cipher as it was without. Created only
/// where the processor has them, and they agree with .NET's class on a packet.
/// </summary>
internal sealed class HardwareAeadProvider : AeadProvider
{
    private readonly AeadProvider _other;

    private HardwareAeadProvider(AeadProvider other) => _other = other;

    public override string Name => "hardware";

    public static HardwareAeadProvider? TryCreate(AeadProvider other)
    {
        if (!HardwareAesGcm.IsSupported)
            return null;
        var provider = new HardwareAeadProvider(other);
        return provider.AgreesWithDotNet(CipherSuite.Aes128Gcm) ? provider : null;
    }

    internal override AeadKey CreateKey(CipherSuite suite, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv) =>
        suite == CipherSuite.Aes128Gcm ? new HardwareAesGcmKey(key, iv) : _other.CreateKey(suite, key, iv);
}
