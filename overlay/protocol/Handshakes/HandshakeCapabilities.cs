using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>What an end can do and will offer, or agree to, in its handshakes. Made once by whoever drives the protocol.</summary>
public sealed record HandshakeCapabilities
{
    public static readonly HandshakeCapabilities Default = new();

    /// <summary>What handshakes between nodes are for; a client's are always for its link.</summary>
    public HandshakePurpose Purpose { get; init; }

    public VersionRange Versions { get; init; } = VersionRange.Current;

    /// <summary>The feature bits of docs/wire-format.md, section 8.</summary>
    public ulong Features { get; init; }

    public CipherSuiteSet Ciphers { get; init; } = CipherSuiteSet.Known;

    /// <summary>What a responder picks if it is offered, and what an initiator seals its handshake with.</summary>
    public CipherSuite PreferredCipher { get; init; } = CipherSuites.Fastest;

    internal ReadOnlySpan<byte> NodeProtocolName =>
        Purpose == HandshakePurpose.Edges ? HandshakeWire.EdgesProtocolName : HandshakeWire.NodeProtocolName;

    internal InitiationOutcome Negotiate(in Offer offer, out Agreement agreement)
    {
        agreement = default;
        if (!Versions.TryNegotiate(offer.Versions, out var version))
            return InitiationOutcome.NoCommonVersion;
        if (!Ciphers.TryPick(offer.Ciphers, PreferredCipher, out var cipher))
            return InitiationOutcome.NoCommonCipher;
        agreement = new(version, cipher, Features & offer.Features);
        return InitiationOutcome.Accepted;
    }

    /// <summary>Whether a responder's choice is one that these capabilities allow.</summary>
    internal bool Allow(in Agreement agreement) =>
        Versions.Contains(agreement.Version) && Ciphers.Contains(agreement.Cipher) && (agreement.Features & ~Features) == 0;
}
