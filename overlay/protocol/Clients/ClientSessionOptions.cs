using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Clients;

/// <summary>What a client needs to know of its edge, what it shows it, and its bounds.</summary>
public sealed record ClientSessionOptions
{
    /// <summary>The edge's static key, known from the connect address or over TLS.</summary>
    public required P256PublicKey EdgeKey { get; init; }

    public required NetAddress EdgeAddress { get; init; }

    /// <summary>At most <see cref="HandshakeLimits.MaxTokenBytes"/>; sealed to the edge's key on its way.</summary>
    public required ReadOnlyMemory<byte> Token { get; init; }

    /// <summary>The bounds of the transport to the edge.</summary>
    public TransportOptions Transport { get; init; } = ClientLimits.AtClient;

    /// <summary>Bytes of packets that wait or are in flight.</summary>
    public long PacketMemory { get; init; } = 4L << 20;

    internal void Validate()
    {
        if (Token.Length > HandshakeLimits.MaxTokenBytes)
            throw new ArgumentException($"The token has {Token.Length} bytes; at most {HandshakeLimits.MaxTokenBytes} fit. Have one made with fewer permissions.");
        if (PacketMemory < 1 << 20)
            throw new ArgumentException($"A client's {nameof(PacketMemory)} must be at least 1 MiB.");
    }
}
