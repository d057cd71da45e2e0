using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Nodes;

/// <summary>What a client needs to know of its edge, and what it shows it.</summary>
public sealed record ClientSessionOptions
{
    /// <summary>The edge's static key, known from the connect address or over TLS.</summary>
    public required P256PublicKey EdgeKey { get; init; }

    public required NetAddress EdgeAddress { get; init; }

    /// <summary>At most <see cref="Handshakes.HandshakeLimits.MaxTokenBytes"/>; sealed to the edge's key on its way.</summary>
    public required ReadOnlyMemory<byte> Token { get; init; }
}
