using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// A node's initiation on its way through the responder, in three steps that the node drives: it looks
/// <see cref="PeerStatic"/> up among the members, calls <see cref="Open"/> and compares what the member says of itself with what it knows
/// (its number, and that the epoch and counter are no replay), and calls <see cref="Respond"/>. Disposing erases it at any point.
/// </summary>
public sealed class NodeInitiation : IDisposable
{
    private readonly HandshakeResponder _responder;
    private readonly SymmetricState _state;
    private readonly P256PublicKey _peerEphemeral;
    private readonly byte[] _sealedPayload;
    private readonly MonoTime _receivedAt;
    private NodeHello _hello;
    private Agreement _agreement;
    private Step _step = Step.Read;

    internal NodeInitiation(
        HandshakeResponder responder, SymmetricState state, LinkId peerLink, in P256PublicKey peerEphemeral, in P256PublicKey peerStatic, ReadOnlySpan<byte> datagram, MonoTime receivedAt)
    {
        (_responder, _state, PeerLink, _peerEphemeral, PeerStatic, _receivedAt) = (responder, state, peerLink, peerEphemeral, peerStatic, receivedAt);
        _sealedPayload = datagram[HandshakeWire.NodePayload..^(2 * HandshakeWire.MacBytes)].ToArray();
        Digest = BinaryPrimitives.ReadUInt128BigEndian(datagram[^(2 * HandshakeWire.MacBytes)..]);
    }

    private enum Step
    {
        Read,
        Opened,
        Done,
    }

    /// <summary>Whom the initiation claims to be from. Proven only by <see cref="Open"/>.</summary>
    public P256PublicKey PeerStatic { get; }

    public LinkId PeerLink { get; }

    /// <summary>Its mac1: the same for a retransmission of the same initiation, so that the same response can be sent again.</summary>
    public UInt128 Digest { get; }

    /// <summary>Opens what the initiator says of itself, which proves its static key (one key agreement). Once, and only for a member.</summary>
    public InitiationOutcome Open(out NodeHello hello)
    {
        Require(Step.Read);
        _step = Step.Done;
        hello = default;
        Span<byte> payload = stackalloc byte[_sealedPayload.Length - AeadKey.TagBytes];
        if (!_state.TryMixAgreement(_responder.Own.Key, PeerStatic) || !_state.TryOpenAndHash(_sealedPayload, payload))
            return InitiationOutcome.NotAuthentic;
        if (!NodeHello.TryRead(payload, out hello))
            return InitiationOutcome.MalformedPayload;
        var outcome = _responder.Capabilities.Negotiate(hello.Offer, out _agreement);
        if (outcome == InitiationOutcome.Accepted)
            (_hello, _step) = (hello, Step.Opened);
        return outcome;
    }

    /// <summary>
    /// Writes the response and returns its length, never more than the initiation had (a new key and two agreements). Once, after <see cref="Open"/>
    /// accepted. The result is the caller's; the new link carries nothing before the initiator's first datagram on it was authenticated.
    /// </summary>
    public int Respond(LinkId ownLink, MonoTime now, Span<byte> destination, out HandshakeResult result)
    {
        Require(Step.Opened);
        HandshakeArguments.Check(ownLink);
        _step = Step.Done;
        var welcome = new Welcome(
            _responder.Own.Epoch, _agreement, _hello.Offer.SentMicroseconds, _receivedAt.Microseconds, (uint)Math.Clamp((now - _receivedAt).Microseconds, 0, uint.MaxValue));
        using var ephemeral = P256KeyPair.Generate(_responder.Random);
        Span<byte> payload = stackalloc byte[Welcome.Bytes];
        welcome.Write(payload);
        ResponseHeader.Write(destination, HandshakeWire.NodeResponse, ownLink, PeerLink);
        ephemeral.PublicKey.Write(destination[HandshakeWire.ResponseHeaderBytes..]);
        _state.MixHash(destination[..HandshakeWire.ResponseHeaderBytes]);
        _state.MixHash(destination.Slice(HandshakeWire.ResponseHeaderBytes, P256PublicKey.Bytes));
        _state.MixAgreement(ephemeral, _peerEphemeral);
        _state.MixAgreement(ephemeral, PeerStatic);
        _state.SealAndHash(payload, destination[HandshakeWire.ResponsePayload..]);
        const int mac1 = HandshakeWire.NodeResponseOverhead + Welcome.Bytes - HandshakeWire.MacBytes;
        HandshakeMac.Write(HandshakeMac.KeyFor(PeerStatic), destination[..mac1], destination[mac1..]);
        result = new()
        {
            Secrets = LinkSecrets.FromHandshake(_state, _agreement.Cipher, isInitiator: false),
            OwnLink = ownLink,
            PeerLink = PeerLink,
            PeerStatic = PeerStatic,
            PeerEpoch = _hello.Epoch,
            Version = _agreement.Version,
            Features = _agreement.Features,
            Times = new(_hello.Offer.SentMicroseconds, 0, Duration.Zero),
        };
        return mac1 + HandshakeWire.MacBytes;
    }

    public void Dispose()
    {
        _step = Step.Done;
        _state.Dispose();
    }

    private void Require(Step step)
    {
        if (_step != step)
            throw new InvalidOperationException("An initiation is opened once, and answered once if that accepted it.");
    }
}
