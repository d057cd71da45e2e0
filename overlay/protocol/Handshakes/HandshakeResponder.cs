using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The responder of every handshake that comes to one node. The node hands in initiations and counts the outcomes; this keeps nothing about any sender. It goes
/// from cheap to dear: the shape, then mac1 (one hash), whether it is a copy of what was spent lately, then, under load, the proof
/// of the address (two hashes), and only then the first key agreement. Erased when disposed of; the identity's key is its owner's.
/// </summary>
public sealed class HandshakeResponder : IDisposable
{
    private readonly byte[] _macKey;
    private readonly byte[] _cookieSalt;
    private readonly CookieJar _cookies;
    private readonly SpentInitiations _spent = new();

    public HandshakeResponder(NodeIdentity own, HandshakeCapabilities capabilities, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(own);
        (Own, Capabilities, Random) = (own, capabilities, random);
        _macKey = HandshakeMac.KeyFor(own.Key.PublicKey);
        _cookieSalt = HandshakeMac.CookieSaltFor(own.Key.PublicKey);
        _cookies = new(random);
    }

    internal NodeIdentity Own { get; }

    internal HandshakeCapabilities Capabilities { get; }

    internal DeterministicRandom Random { get; }

    /// <summary>
    /// Reads a node's initiation up to the static key of who claims to have sent it (one key agreement). If accepted, look
    /// that key up among the members before going on; <paramref name="initiation"/> is the caller's to dispose of.
    /// </summary>
    /// <param name="datagram">What came, of type 0x01.</param>
    /// <param name="arrival">How it came.</param>
    /// <param name="reply">Room for <see cref="HandshakeLimits.MaxAnswerBytes"/>; written when a cookie is to be sent.</param>
    /// <param name="replyLength">How much was written.</param>
    /// <param name="initiation">Not null exactly if accepted.</param>
    public InitiationOutcome ReadNode(ReadOnlySpan<byte> datagram, in Arrival arrival, Span<byte> reply, out int replyLength, out NodeInitiation? initiation)
    {
        initiation = null;
        replyLength = 0;
        if (!InitiationHeader.TryRead(datagram, HandshakeWire.NodeInitiation, HandshakeWire.NodeInitiationOverhead + NodeHello.FixedBytes, out var header))
            return InitiationOutcome.Malformed;
        var admitted = Admit(datagram, arrival, reply, out replyLength);
        if (admitted != InitiationOutcome.Accepted)
            return admitted;
        var state = Begin(Capabilities.NodeProtocolName, header, datagram);
        Span<byte> key = stackalloc byte[P256PublicKey.Bytes];
        if (!TryMixEphemeral(state, datagram, out var ephemeral)
            || !state.TryOpenAndHash(datagram.Slice(HandshakeWire.SealedStatic, HandshakeWire.SealedStaticBytes), key)
            || !P256PublicKey.TryRead(key, out var peer))
        {
            state.Dispose();
            return InitiationOutcome.NotAuthentic;
        }

        initiation = new(this, state, header.Sender, ephemeral, peer, datagram, arrival.Now);
        return InitiationOutcome.Accepted;
    }

    /// <summary>Reads a client's initiation and has its token verified (one key agreement). Otherwise as <see cref="ReadNode"/>.</summary>
    public InitiationOutcome ReadClient(
        ReadOnlySpan<byte> datagram, in Arrival arrival, IClientTokenVerifier verifier, Span<byte> reply, out int replyLength, out ClientInitiation? initiation)
    {
        ArgumentNullException.ThrowIfNull(verifier);
        initiation = null;
        replyLength = 0;
        if (!InitiationHeader.TryRead(datagram, HandshakeWire.ClientInitiation, HandshakeWire.ClientInitiationOverhead + ClientHello.FixedBytes, out var header))
            return InitiationOutcome.Malformed;
        var outcome = Admit(datagram, arrival, reply, out replyLength);
        if (outcome != InitiationOutcome.Accepted)
            return outcome;
        var state = Begin(HandshakeWire.ClientProtocolName, header, datagram);
        outcome = OpenClient(state, header, datagram, arrival.Now, verifier, out initiation);
        if (outcome != InitiationOutcome.Accepted)
            state.Dispose();
        return outcome;
    }

    /// <summary>An initiation that was read turned out to be an old one: copies of it are dropped for a while at the cost of one hash.</summary>
    internal void Spend(MonoTime now, ReadOnlySpan<byte> datagram) => _spent.Add(now, DigestOf(datagram));

    public void Dispose() => _cookies.Dispose();

    private static UInt128 DigestOf(ReadOnlySpan<byte> datagram) => BinaryPrimitives.ReadUInt128BigEndian(datagram[^(2 * HandshakeWire.MacBytes)..]);

    private InitiationOutcome Admit(ReadOnlySpan<byte> datagram, in Arrival arrival, Span<byte> reply, out int replyLength)
    {
        replyLength = 0;
        var mac1 = datagram.Length - (2 * HandshakeWire.MacBytes);
        var mac2 = datagram.Length - HandshakeWire.MacBytes;
        if (!HandshakeMac.IsRight(_macKey, datagram[..mac1], datagram[mac1..mac2]))
            return InitiationOutcome.WrongMac;
        if (_spent.Contains(arrival.Now, DigestOf(datagram)))
            return InitiationOutcome.Replayed;
        if (!arrival.UnderLoad || _cookies.Proves(arrival.Source, arrival.Now, datagram[..mac2], datagram[mac2..]))
            return InitiationOutcome.Accepted;
        Span<byte> cookie = stackalloc byte[HandshakeWire.CookieBytes];
        _cookies.Write(arrival.Source, arrival.Now, cookie);
        replyLength = CookieReply.Write(datagram, _cookieSalt, cookie, Random, reply);
        return InitiationOutcome.CookieSent;
    }

    private InitiationOutcome OpenClient(
        SymmetricState state, in InitiationHeader header, ReadOnlySpan<byte> datagram, MonoTime now, IClientTokenVerifier verifier, out ClientInitiation? initiation)
    {
        initiation = null;
        var sealedPayload = datagram[HandshakeWire.ClientPayload..^(2 * HandshakeWire.MacBytes)];
        Span<byte> payload = stackalloc byte[sealedPayload.Length - AeadKey.TagBytes];
        if (!TryMixEphemeral(state, datagram, out var ephemeral) || !state.TryOpenAndHash(sealedPayload, payload))
            return InitiationOutcome.NotAuthentic;
        if (!ClientHello.TryRead(payload, out var hello))
            return InitiationOutcome.MalformedPayload;
        var outcome = Capabilities.Negotiate(hello.Offer, out var agreement);
        if (outcome != InitiationOutcome.Accepted)
            return outcome;
        if (!verifier.TryVerify(hello.Token, out var grant))
            return InitiationOutcome.TokenRefused;
        initiation = new(this, state, header.Sender, ephemeral, agreement, now)
        {
            Grant = grant,
            SessionNonce = hello.SessionNonce,
            Counter = hello.Counter,
            SentMicroseconds = hello.Offer.SentMicroseconds,
        };
        return InitiationOutcome.Accepted;
    }

    private SymmetricState Begin(ReadOnlySpan<byte> protocolName, in InitiationHeader header, ReadOnlySpan<byte> datagram)
    {
        Span<byte> key = stackalloc byte[P256PublicKey.Bytes];
        Own.Key.PublicKey.Write(key);
        var state = new SymmetricState(protocolName, header.Suite);
        state.MixHash(datagram[..HandshakeWire.InitiationHeaderBytes]);
        state.MixHash(key);
        return state;
    }

    private bool TryMixEphemeral(SymmetricState state, ReadOnlySpan<byte> datagram, out P256PublicKey ephemeral)
    {
        var bytes = datagram.Slice(HandshakeWire.InitiationHeaderBytes, P256PublicKey.Bytes);
        state.MixHash(bytes);
        return P256PublicKey.TryRead(bytes, out ephemeral) && state.TryMixAgreement(Own.Key, ephemeral);
    }
}
