using System.Diagnostics.CodeAnalysis;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// A client's side of its handshake with an edge whose static key it knows (docs/wire-format.md, sections 3.4 and 3.5). Driven, and to be
/// disposed of, as <see cref="NodeInitiator"/> is.
/// </summary>
public sealed class ClientInitiator : IDisposable
{
    private readonly HandshakeCapabilities _capabilities;
    private readonly P256KeyPair _ephemeral;
    private readonly SymmetricState _state;
    private readonly InitiationMessage _message;
    private readonly long _sentMicroseconds;
    private bool _finished;

    /// <param name="edge">The static key that the edge must have.</param>
    /// <param name="ownLink">What the edge is to write on the datagrams of this link; not none.</param>
    /// <param name="sessionNonce">64 random bits that stay the same while the client's session lasts.</param>
    /// <param name="counter">Larger than in every initiation of this session before.</param>
    /// <param name="token">At most <see cref="HandshakeLimits.MaxTokenBytes"/>.</param>
    /// <param name="now">When it goes out first.</param>
    /// <param name="capabilities">What is offered.</param>
    /// <param name="random">Gives the ephemeral key.</param>
    public ClientInitiator(
        in P256PublicKey edge, LinkId ownLink, ulong sessionNonce, ulong counter, ReadOnlySpan<byte> token, MonoTime now, HandshakeCapabilities capabilities, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(capabilities);
        HandshakeArguments.Check(edge, ownLink);
        if (token.Length > HandshakeLimits.MaxTokenBytes)
            throw new ArgumentException($"The token has {token.Length} bytes; at most {HandshakeLimits.MaxTokenBytes} fit. Have one made with fewer permissions.", nameof(token));
        (_capabilities, Edge, OwnLink, _sentMicroseconds) = (capabilities, edge, ownLink, now.Microseconds);
        _ephemeral = P256KeyPair.Generate(random);
        _state = new(HandshakeWire.ClientProtocolName, capabilities.PreferredCipher);
        _message = Seal(new()
        {
            SessionNonce = sessionNonce,
            Counter = counter,
            Offer = new(capabilities.Versions, capabilities.Features, capabilities.Ciphers, _sentMicroseconds),
            Token = token,
        });
    }

    public LinkId OwnLink { get; }

    public P256PublicKey Edge { get; }

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
            || !ResponseHeader.TryRead(datagram, HandshakeWire.ClientResponse, HandshakeWire.ClientResponseOverhead + Welcome.ClientBytes, _message.Length, OwnLink, out var peerLink)
            || !P256PublicKey.TryRead(datagram.Slice(HandshakeWire.ResponseHeaderBytes, P256PublicKey.Bytes), out var ephemeral))
            return false;
        using var state = _state.Clone();
        state.MixHash(datagram[..HandshakeWire.ResponseHeaderBytes]);
        state.MixHash(datagram.Slice(HandshakeWire.ResponseHeaderBytes, P256PublicKey.Bytes));
        var sealedPayload = datagram[HandshakeWire.ResponsePayload..];
        Span<byte> payload = stackalloc byte[sealedPayload.Length - AeadKey.TagBytes];
        if (!state.TryMixAgreement(_ephemeral, ephemeral)
            || !state.TryOpenAndHash(sealedPayload, payload)
            || !Welcome.TryRead(payload, out var welcome, out var client)
            || !_capabilities.Allow(welcome.Agreement)
            || welcome.EchoMicroseconds != _sentMicroseconds)
            return false;
        _finished = true;
        result = new()
        {
            Secrets = LinkSecrets.FromHandshake(state, welcome.Agreement.Cipher, isInitiator: true),
            OwnLink = OwnLink,
            PeerLink = peerLink,
            PeerStatic = Edge,
            PeerEpoch = welcome.Epoch,
            Version = welcome.Agreement.Version,
            Features = welcome.Agreement.Features,
            Times = welcome.Times,
            Client = client,
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

    private InitiationMessage Seal(ClientHello hello)
    {
        var payloadBytes = ClientHello.FixedBytes + hello.Token.Length;
        var bytes = new byte[HandshakeWire.ClientInitiationOverhead + payloadBytes];
        InitiationMessage.WriteHead(bytes, HandshakeWire.ClientInitiation, _capabilities.PreferredCipher, OwnLink, _ephemeral.PublicKey);
        Span<byte> key = stackalloc byte[P256PublicKey.Bytes], payload = stackalloc byte[payloadBytes];
        Edge.Write(key);
        _state.MixHash(bytes.AsSpan(0, HandshakeWire.InitiationHeaderBytes));
        _state.MixHash(key);
        _state.MixHash(bytes.AsSpan(HandshakeWire.InitiationHeaderBytes, P256PublicKey.Bytes));
        _state.MixAgreement(_ephemeral, Edge);
        hello.Write(payload);
        _state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.ClientPayload));
        return InitiationMessage.Finish(bytes, Edge);
    }
}
