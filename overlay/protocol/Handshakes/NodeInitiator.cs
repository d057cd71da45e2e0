using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The initiator of one handshake between nodes (docs/wire-format.md, sections 3.1 and 3.2). Its owner, the node, has the timers: it sends
/// what <see cref="Write"/> gives, again when no answer comes, hands in what arrives for this LinkId, and disposes of it in the end, which
/// erases it. Bytes that are not the responder's answer change nothing, so a forged one does not stop the true one.
/// </summary>
public sealed class NodeInitiator : IDisposable
{
    private readonly NodeIdentity _own;
    private readonly HandshakeCapabilities _capabilities;
    private readonly P256KeyPair _ephemeral;
    private readonly SymmetricState _state;
    private readonly InitiationMessage _message;
    private readonly byte[] _ownMacKey;
    private readonly long _sentMicroseconds;
    private bool _finished;

    /// <param name="own">Who begins.</param>
    /// <param name="responder">The static key that the responder must have.</param>
    /// <param name="ownLink">What the responder is to write on the datagrams of this link; not none.</param>
    /// <param name="counter">Larger than in every initiation of this life of the node before.</param>
    /// <param name="now">When it goes out first.</param>
    /// <param name="capabilities">What is offered.</param>
    /// <param name="random">Gives the ephemeral key.</param>
    public NodeInitiator(
        NodeIdentity own, in P256PublicKey responder, LinkId ownLink, ulong counter, MonoTime now, HandshakeCapabilities capabilities, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(capabilities);
        HandshakeArguments.Check(responder, ownLink);
        (_own, _capabilities, Responder, OwnLink, _sentMicroseconds) = (own, capabilities, responder, ownLink, now.Microseconds);
        _ownMacKey = HandshakeMac.KeyFor(own.Key.PublicKey);
        _ephemeral = P256KeyPair.Generate(random);
        _state = new(capabilities.NodeProtocolName, capabilities.PreferredCipher);
        _message = Seal(new(own.Node, own.Epoch, counter)
        {
            Offer = new(capabilities.Versions, capabilities.Features, capabilities.Ciphers, _sentMicroseconds),
        });
    }

    public LinkId OwnLink { get; }

    public P256PublicKey Responder { get; }

    /// <summary>How many bytes <see cref="Write"/> writes.</summary>
    public int Length => _message.Length;

    /// <summary>Writes the initiation: the same bytes each time, but for the proof of the address once a cookie came.</summary>
    public int Write(Span<byte> destination) => _message.Write(destination);

    /// <summary>Reads a cookie reply to this initiation. After a true, send it again at once.</summary>
    public bool TryReadCookie(ReadOnlySpan<byte> datagram) => _message.TryReadCookie(datagram);

    /// <summary>Reads the response; true once only, and the result is the caller's.</summary>
    public bool TryReadResponse(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out HandshakeResult? result)
    {
        result = null;
        if (_finished
            || !ResponseHeader.TryRead(datagram, HandshakeWire.NodeResponse, HandshakeWire.NodeResponseOverhead + Welcome.Bytes, _message.Length, OwnLink, out var peerLink)
            || !HandshakeMac.IsRight(_ownMacKey, datagram[..^HandshakeWire.MacBytes], datagram[^HandshakeWire.MacBytes..])
            || !P256PublicKey.TryRead(datagram.Slice(HandshakeWire.ResponseHeaderBytes, P256PublicKey.Bytes), out var ephemeral))
            return false;
        using var state = _state.Clone();
        state.MixHash(datagram[..HandshakeWire.ResponseHeaderBytes]);
        state.MixHash(datagram.Slice(HandshakeWire.ResponseHeaderBytes, P256PublicKey.Bytes));
        var sealedPayload = datagram[HandshakeWire.ResponsePayload..^HandshakeWire.MacBytes];
        Span<byte> payload = stackalloc byte[sealedPayload.Length - AeadKey.TagBytes];
        if (!state.TryMixAgreement(_ephemeral, ephemeral)
            || !state.TryMixAgreement(_own.Key, ephemeral)
            || !state.TryOpenAndHash(sealedPayload, payload)
            || !Welcome.TryRead(payload, out var welcome)
            || !_capabilities.Allow(welcome.Agreement)
            || welcome.EchoMicroseconds != _sentMicroseconds)
            return false;
        _finished = true;
        result = new()
        {
            Secrets = LinkSecrets.FromHandshake(state, welcome.Agreement.Cipher, isInitiator: true),
            OwnLink = OwnLink,
            PeerLink = peerLink,
            PeerStatic = Responder,
            PeerEpoch = welcome.Epoch,
            Version = welcome.Agreement.Version,
            Features = welcome.Agreement.Features,
            Times = welcome.Times,
        };
        return true;
    }

    public void Dispose()
    {
        _finished = true;
        _ephemeral.Dispose();
        _state.Dispose();
        _message.Erase();
    }

    private InitiationMessage Seal(in NodeHello hello)
    {
        var bytes = new byte[HandshakeWire.NodeInitiationOverhead + NodeHello.FixedBytes];
        InitiationMessage.WriteHead(bytes, HandshakeWire.NodeInitiation, _capabilities.PreferredCipher, OwnLink, _ephemeral.PublicKey);
        Span<byte> key = stackalloc byte[P256PublicKey.Bytes], payload = stackalloc byte[NodeHello.FixedBytes];
        Responder.Write(key);
        _state.MixHash(bytes.AsSpan(0, HandshakeWire.InitiationHeaderBytes));
        _state.MixHash(key);
        _state.MixHash(bytes.AsSpan(HandshakeWire.InitiationHeaderBytes, P256PublicKey.Bytes));
        _state.MixAgreement(_ephemeral, Responder);
        _own.Key.PublicKey.Write(key);
        _state.SealAndHash(key, bytes.AsSpan(HandshakeWire.SealedStatic));
        _state.MixAgreement(_own.Key, Responder);
        hello.Write(payload);
        _state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.NodePayload));
        return InitiationMessage.Finish(bytes, Responder);
    }
}
