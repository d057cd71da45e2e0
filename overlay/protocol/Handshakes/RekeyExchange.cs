using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// One end's part of one rekeying over a link that is up: a fresh ephemeral key to send to the peer (docs/wire-format.md, sections 3.8 and
/// 5.7), and the next generation once the peer's came. The link owns it, and disposes of it when the exchange is over; then nobody can go back to the old keys.
/// </summary>
public sealed class RekeyExchange(DeterministicRandom random) : IDisposable
{
    private readonly P256KeyPair _ephemeral = P256KeyPair.Generate(random);

    public P256PublicKey OwnEphemeral => _ephemeral.PublicKey;

    /// <summary>
    /// Derives the generation after <paramref name="current"/>, which stays as it is. False, and nothing changed, if the
    /// peer's 64 bytes are no key. The result is the caller's.
    /// </summary>
    public bool TryComplete(LinkSecrets current, ReadOnlySpan<byte> peerEphemeral, [NotNullWhen(true)] out LinkSecrets? next)
    {
        ArgumentNullException.ThrowIfNull(current);
        next = null;
        Span<byte> agreed = stackalloc byte[P256KeyPair.ScalarBytes];
        if (!P256PublicKey.TryRead(peerEphemeral, out var peer) || !_ephemeral.TryAgree(peer, agreed))
            return false;
        next = current.IsInitiator ? current.Next(agreed, OwnEphemeral, peer) : current.Next(agreed, peer, OwnEphemeral);
        CryptographicOperations.ZeroMemory(agreed);
        return true;
    }

    public void Dispose() => _ephemeral.Dispose();
}
