using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// What a finished handshake gives to the link that begins with it. The link takes <see cref="Secrets"/> over; whoever drops a
/// result instead disposes of it.
/// </summary>
public sealed class HandshakeResult : IDisposable
{
    public required LinkSecrets Secrets { get; init; }

    public required LinkId OwnLink { get; init; }

    public required LinkId PeerLink { get; init; }

    public required byte Version { get; init; }

    /// <summary>The features that both ends have.</summary>
    public required ulong Features { get; init; }

    public required HandshakeTimes Times { get; init; }

    /// <summary>The peer's static key; none where the peer is a client.</summary>
    public P256PublicKey PeerStatic { get; init; }

    /// <summary>The peer's present life; none where the peer is a client.</summary>
    public BootEpoch PeerEpoch { get; init; }

    /// <summary>The client at one of the ends; none between nodes.</summary>
    public ClientId Client { get; init; }

    public CipherSuite Suite => Secrets.Suite;

    public void Dispose() => Secrets.Dispose();
}
