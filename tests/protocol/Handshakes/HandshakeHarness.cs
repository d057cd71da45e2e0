using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Two nodes, and an edge's client, with everything from one seed; and ways to write what the library never would.</summary>
internal sealed class HandshakeHarness : IDisposable
{
    public const int NodeInitiationBytes = 233;
    public const int NodeResponseBytes = 142;
    public const int CookieReplyBytes = 56;
    public const int ClientResponseBytes = 134;
    public const int MacsBytes = 32;

    public static readonly NetAddress Source = NetAddress.FromIPv4(0xC000_0201, 4600);
    public static readonly byte[] Token = "a token"u8.ToArray();
    public static readonly ClientGrant Grant = new(new(77), 99);

    public HandshakeHarness(ulong seed = 1, HandshakeCapabilities? initiator = null, HandshakeCapabilities? responder = null)
    {
        Random = DeterministicRandom.FromNumber(seed);
        InitiatorKey = P256KeyPair.Generate(Random);
        ResponderKey = P256KeyPair.Generate(Random);
        InitiatorCapabilities = initiator ?? HandshakeCapabilities.Default;
        Responder = new(new(ResponderKey, new(2), new(20)), responder ?? HandshakeCapabilities.Default, Random);
        Node = new(new(InitiatorKey, new(1), new(10)), ResponderKey.PublicKey, new(0x0A0B_0C0D), counter: 7, At(100), InitiatorCapabilities, Random);
        Client = new(ResponderKey.PublicKey, new(0x0E0F_1011), sessionNonce: 8, counter: 9, Token, At(100), InitiatorCapabilities, Random);
    }

    public DeterministicRandom Random { get; }

    public P256KeyPair InitiatorKey { get; }

    public P256KeyPair ResponderKey { get; }

    public HandshakeCapabilities InitiatorCapabilities { get; }

    public HandshakeResponder Responder { get; }

    public NodeInitiator Node { get; }

    public ClientInitiator Client { get; }

    public FixedTokenVerifier Verifier { get; } = new(Token, Grant);

    /// <summary>The last cookie reply.</summary>
    public byte[] Reply { get; private set; } = [];

    public static MonoTime At(long milliseconds) => MonoTime.FromMilliseconds(milliseconds);

    public byte[] NodeInitiation() => Written(Node.Length, Node.Write);

    public byte[] ClientInitiation() => Written(Client.Length, Client.Write);

    /// <summary>Takes a node's initiation as far as it goes.</summary>
    public InitiationOutcome ReadNode(ReadOnlySpan<byte> datagram, out NodeInitiation? opened, MonoTime now = default, bool underLoad = false, NetAddress? source = null)
    {
        var outcome = ReadNodeHead(datagram, out opened, now, underLoad, source);
        if (outcome == InitiationOutcome.Accepted)
            outcome = opened!.Open(out _);
        if (outcome != InitiationOutcome.Accepted)
        {
            opened?.Dispose();
            opened = null;
        }

        return outcome;
    }

    public InitiationOutcome ReadNodeHead(ReadOnlySpan<byte> datagram, out NodeInitiation? initiation, MonoTime now = default, bool underLoad = false, NetAddress? source = null)
    {
        var reply = new byte[HandshakeLimits.MaxAnswerBytes];
        var outcome = Responder.ReadNode(datagram, new(source ?? Source, now, underLoad), reply, out var length, out initiation);
        Reply = reply[..length];
        Assert.Equal(outcome == InitiationOutcome.CookieSent, length > 0);
        Assert.Equal(outcome == InitiationOutcome.Accepted, initiation is not null);
        return outcome;
    }

    public InitiationOutcome ReadClient(ReadOnlySpan<byte> datagram, out ClientInitiation? initiation, MonoTime now = default, bool underLoad = false, NetAddress? source = null)
    {
        var reply = new byte[HandshakeLimits.MaxAnswerBytes];
        var outcome = Responder.ReadClient(datagram, new(source ?? Source, now, underLoad), Verifier, reply, out var length, out initiation);
        Reply = reply[..length];
        Assert.Equal(outcome == InitiationOutcome.CookieSent, length > 0);
        Assert.Equal(outcome == InitiationOutcome.Accepted, initiation is not null);
        return outcome;
    }

    /// <summary>Answers the harness's node with a response that is right.</summary>
    public byte[] NodeResponse(out HandshakeResult result)
    {
        Assert.Equal(InitiationOutcome.Accepted, ReadNode(NodeInitiation(), out var initiation, At(200)));
        var response = new byte[HandshakeLimits.MaxAnswerBytes];
        return response[..initiation!.Respond(new(0x2021_2223), At(203), response, out result)];
    }

    public byte[] ClientResponse(out HandshakeResult result)
    {
        Assert.Equal(InitiationOutcome.Accepted, ReadClient(ClientInitiation(), out var initiation, At(200)));
        var response = new byte[HandshakeLimits.MaxAnswerBytes];
        return response[..initiation!.Respond(new(0x2021_2223), At(203), response, out result)];
    }

    /// <summary>Puts mac1 right, which anybody can who knows the responder's public key.</summary>
    public byte[] WithMac1(byte[] initiation)
    {
        var mac1 = initiation.Length - MacsBytes;
        HandshakeMac.Write(HandshakeMac.KeyFor(ResponderKey.PublicKey), initiation.AsSpan(0, mac1), initiation.AsSpan(mac1));
        return initiation;
    }

    /// <summary>An initiation of a member with any payload.</summary>
    public byte[] NodeInitiationWith(ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[HandshakeWire.NodeInitiationOverhead + payload.Length];
        using var state = Begin(HandshakeWire.NodeProtocolName, HandshakeWire.NodeInitiation, bytes);
        state.SealAndHash(InitiatorKey.PublicKey.ToArray(), bytes.AsSpan(HandshakeWire.SealedStatic));
        state.MixAgreement(InitiatorKey, ResponderKey.PublicKey);
        state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.NodePayload));
        return WithMac1(bytes);
    }

    /// <summary>The responder's authentic answer to the harness's node, with any payload.</summary>
    public byte[] NodeResponseWith(ReadOnlySpan<byte> payload)
    {
        var initiation = NodeInitiation();
        Assert.True(P256PublicKey.TryRead(initiation.AsSpan(HandshakeWire.InitiationHeaderBytes, P256PublicKey.Bytes), out var peer));
        using var state = new SymmetricState(HandshakeWire.NodeProtocolName, (CipherSuite)initiation[2]);
        state.MixHash(initiation.AsSpan(0, HandshakeWire.InitiationHeaderBytes));
        state.MixHash(ResponderKey.PublicKey.ToArray());
        state.MixHash(peer.ToArray());
        state.MixAgreement(ResponderKey, peer);
        Assert.True(state.TryOpenAndHash(initiation.AsSpan(HandshakeWire.SealedStatic, HandshakeWire.SealedStaticBytes), new byte[P256PublicKey.Bytes]));
        state.MixAgreement(ResponderKey, InitiatorKey.PublicKey);
        Assert.True(state.TryOpenAndHash(initiation.AsSpan(HandshakeWire.NodePayload..^MacsBytes), new byte[NodeHello.FixedBytes]));

        using var ephemeral = P256KeyPair.Generate(Random);
        var response = new byte[HandshakeWire.NodeResponseOverhead + payload.Length];
        ResponseHeader.Write(response, HandshakeWire.NodeResponse, new(9), Node.OwnLink);
        ephemeral.PublicKey.Write(response.AsSpan(HandshakeWire.ResponseHeaderBytes));
        state.MixHash(response.AsSpan(0, HandshakeWire.ResponseHeaderBytes));
        state.MixHash(ephemeral.PublicKey.ToArray());
        state.MixAgreement(ephemeral, peer);
        state.MixAgreement(ephemeral, InitiatorKey.PublicKey);
        state.SealAndHash(payload, response.AsSpan(HandshakeWire.ResponsePayload));
        var mac1 = response.Length - HandshakeWire.MacBytes;
        HandshakeMac.Write(HandshakeMac.KeyFor(InitiatorKey.PublicKey), response.AsSpan(0, mac1), response.AsSpan(mac1));
        return response;
    }

    /// <summary>An initiation of a client with any payload.</summary>
    public byte[] ClientInitiationWith(ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[HandshakeWire.ClientInitiationOverhead + payload.Length];
        using var state = Begin(HandshakeWire.ClientProtocolName, HandshakeWire.ClientInitiation, bytes);
        state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.ClientPayload));
        return WithMac1(bytes);
    }

    /// <summary>Both ways, and only with the right key.</summary>
    public static void AssertKeysMatch(LinkSecrets left, LinkSecrets right)
    {
        Assert.Equal(left.ChainSecret.ToArray(), right.ChainSecret.ToArray());
        Assert.Equal((left.Suite, left.Generation, left.IsInitiator), (right.Suite, right.Generation, !right.IsInitiator));
        var (leftSend, leftReceive) = left.TakeKeys();
        var (rightSend, rightReceive) = right.TakeKeys();
        foreach (var (from, to, other) in ((AeadKey, AeadKey, AeadKey)[])[(leftSend, rightReceive, leftReceive), (rightSend, leftReceive, rightReceive)])
        {
            byte[] sealedBytes = new byte[21], opened = new byte[5];
            from.Seal(3, "head"u8, "hello"u8, sealedBytes);
            Assert.False(other.TryOpen(3, "head"u8, sealedBytes, opened));
            Assert.True(to.TryOpen(3, "head"u8, sealedBytes, opened));
            Assert.Equal("hello"u8.ToArray(), opened);
        }

        foreach (var key in (AeadKey[])[leftSend, leftReceive, rightSend, rightReceive])
            key.Dispose();
    }

    public void Dispose()
    {
        Node.Dispose();
        Client.Dispose();
        Responder.Dispose();
        InitiatorKey.Dispose();
        ResponderKey.Dispose();
    }

    private static byte[] Written(int length, SpanWriter write)
    {
        var bytes = new byte[length];
        Assert.Equal(length, write(bytes));
        return bytes;
    }

    private SymmetricState Begin(ReadOnlySpan<byte> protocolName, byte type, byte[] bytes)
    {
        using var ephemeral = P256KeyPair.Generate(Random);
        InitiationMessage.WriteHead(bytes, type, CipherSuite.Aes128Gcm, new(5), ephemeral.PublicKey);
        var state = new SymmetricState(protocolName, CipherSuite.Aes128Gcm);
        state.MixHash(bytes.AsSpan(0, HandshakeWire.InitiationHeaderBytes));
        state.MixHash(ResponderKey.PublicKey.ToArray());
        state.MixHash(ephemeral.PublicKey.ToArray());
        state.MixAgreement(ephemeral, ResponderKey.PublicKey);
        return state;
    }

    private delegate int SpanWriter(Span<byte> destination);
}
