using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// A client's initiation whose token verified. The edge decides whether it wants the client, and then calls <see cref="Respond"/>.
/// Disposing erases it. A replay of the same initiation looks the same and verifies too: it gets a link that its sender cannot use, so
/// the edge bounds the links that have carried nothing yet, and closes none for the sake of one.
/// </summary>
public sealed class ClientInitiation : IDisposable
{
    private readonly HandshakeResponder _responder;
    private readonly SymmetricState _state;
    private readonly P256PublicKey _peerEphemeral;
    private readonly Agreement _agreement;
    private readonly MonoTime _receivedAt;
    private bool _done;

    internal ClientInitiation(
        HandshakeResponder responder, SymmetricState state, LinkId peerLink, in P256PublicKey peerEphemeral, in Agreement agreement, MonoTime receivedAt) =>
        (_responder, _state, PeerLink, _peerEphemeral, _agreement, _receivedAt) = (responder, state, peerLink, peerEphemeral, agreement, receivedAt);

    public LinkId PeerLink { get; }

    public ClientGrant Grant { get; internal init; }

    /// <summary>The same in every handshake of one session of the client.</summary>
    public ulong SessionNonce { get; internal init; }

    /// <summary>Larger in every initiation of the session: a smaller or equal one is a replay or a retransmission.</summary>
    public ulong Counter { get; internal init; }

    internal long SentMicroseconds { get; init; }

    /// <summary>Writes the response and returns its length, never more than the initiation had (a new key and one agreement). Once. The result is the caller's.</summary>
    public int Respond(LinkId ownLink, MonoTime now, Span<byte> destination, out HandshakeResult result)
    {
        if (_done)
            throw new InvalidOperationException("An initiation is answered once.");
        HandshakeArguments.Check(ownLink);
        _done = true;
        var welcome = new Welcome(
            _responder.Own.Epoch, _agreement, SentMicroseconds, _receivedAt.Microseconds, (uint)Math.Clamp((now - _receivedAt).Microseconds, 0, uint.MaxValue));
        using var ephemeral = P256KeyPair.Generate(_responder.Random);
        Span<byte> payload = stackalloc byte[Welcome.ClientBytes];
        welcome.Write(payload, Grant.Client);
        ResponseHeader.Write(destination, HandshakeWire.ClientResponse, ownLink, PeerLink);
        ephemeral.PublicKey.Write(destination[HandshakeWire.ResponseHeaderBytes..]);
        _state.MixHash(destination[..HandshakeWire.ResponseHeaderBytes]);
        _state.MixHash(destination.Slice(HandshakeWire.ResponseHeaderBytes, P256PublicKey.Bytes));
        _state.MixAgreement(ephemeral, _peerEphemeral);
        _state.SealAndHash(payload, destination[HandshakeWire.ResponsePayload..]);
        result = new()
        {
            Secrets = LinkSecrets.FromHandshake(_state, _agreement.Cipher, isInitiator: false),
            OwnLink = ownLink,
            PeerLink = PeerLink,
            Client = Grant.Client,
            Version = _agreement.Version,
            Features = _agreement.Features,
            Times = new(SentMicroseconds, 0, Duration.Zero),
        };
        return HandshakeWire.ClientResponseOverhead + Welcome.ClientBytes;
    }

    public void Dispose()
    {
        _done = true;
        _state.Dispose();
    }
}
