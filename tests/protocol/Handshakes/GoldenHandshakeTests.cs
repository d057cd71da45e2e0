using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>
/// Holds docs/wire-format.md, sections 3.1 to 3.8, byte by byte, against the second implementation in golden_handshakes.py.
/// The numbers here are the ones written there.
/// </summary>
public sealed class GoldenHandshakeTests
{
    private static readonly NetAddress Source = NetAddress.FromIPv4(0xC000_0201, 4600);

    private static readonly HandshakeCapabilities InitiatorCapabilities =
        new() { Features = 0x8000_0000_0000_0005, PreferredCipher = CipherSuite.Aes128Gcm };

    [Fact]
    public void A_node_handshake_with_cookie_and_rekeying()
    {
        using var initiatorKey = Static("initiator");
        using var responderKey = Static("responder");
        DeterministicRandom initiatorRandom = DeterministicRandom.FromNumber(1), responderRandom = DeterministicRandom.FromNumber(2);
        using var initiator = Initiate(initiatorKey, responderKey, initiatorRandom);
        using var responder = new HandshakeResponder(
            new(responderKey, new(8), new(9)),
            new() { Features = 0xC000_0000_0000_0003, PreferredCipher = CipherSuite.ChaCha20Poly1305 },
            responderRandom);
        var buffer = new byte[HandshakeLimits.MaxDatagramBytes];
        AssertHex(GoldenHandshakes.NodeInitiation, buffer.AsSpan(0, initiator.Write(buffer)));

        var arrival = new Arrival(Source, At(2_000), UnderLoad: true);
        Assert.Equal(InitiationOutcome.CookieSent, responder.ReadNode(Bytes(GoldenHandshakes.NodeInitiation), arrival, buffer, out var length, out _));
        AssertHex(GoldenHandshakes.CookieReply, buffer.AsSpan(0, length));
        Assert.True(initiator.TryReadCookie(buffer.AsSpan(0, length)));
        AssertHex(GoldenHandshakes.NodeInitiationWithCookie, buffer.AsSpan(0, initiator.Write(buffer)));

        Assert.Equal(InitiationOutcome.Accepted, responder.ReadNode(Bytes(GoldenHandshakes.NodeInitiationWithCookie), arrival, buffer, out _, out var initiation));
        Assert.Equal(initiatorKey.PublicKey, initiation!.PeerStatic);
        Assert.Equal(InitiationOutcome.Accepted, initiation.Open(out var hello));
        Assert.Equal((new NodeId(3), new BootEpoch(0x0102_0304), 5UL), (hello.Node, hello.Epoch, hello.Counter));
        length = initiation.Respond(new(0x2122_2324), At(2_345), buffer, out var responderResult);
        AssertHex(GoldenHandshakes.NodeResponse, buffer.AsSpan(0, length));
        Assert.True(initiator.TryReadResponse(buffer.AsSpan(0, length), out var initiatorResult));
        Assert.Equal(0x8000_0000_0000_0001UL, initiatorResult.Features);
        Assert.Equal(new BootEpoch(9), initiatorResult.PeerEpoch);
        Assert.Equal(new HandshakeTimes(2_000, 1_000_000, Duration.FromMicroseconds(345)), initiatorResult.Times);

        using var initiatorRekey = new RekeyExchange(initiatorRandom);
        using var responderRekey = new RekeyExchange(responderRandom);
        Assert.True(initiatorRekey.TryComplete(initiatorResult.Secrets, responderRekey.OwnEphemeral.ToArray(), out var initiatorNext));
        Assert.True(responderRekey.TryComplete(responderResult.Secrets, initiatorRekey.OwnEphemeral.ToArray(), out var responderNext));
        AssertSecrets(initiatorResult.Secrets, responderResult.Secrets, GoldenHandshakes.NodeToResponder, GoldenHandshakes.NodeToInitiator, GoldenHandshakes.NodeChain);
        AssertSecrets(initiatorNext, responderNext, GoldenHandshakes.RekeyToResponder, GoldenHandshakes.RekeyToInitiator, GoldenHandshakes.RekeyChain);
    }

    [Fact]
    public void An_initiation_of_a_node_of_tomorrow_is_understood()
    {
        using var responderKey = Static("responder");
        using var responder = new HandshakeResponder(
            new(responderKey, new(8), new(9)), new() { Features = 0x10, PreferredCipher = CipherSuite.ChaCha20Poly1305 }, DeterministicRandom.FromNumber(9));
        var buffer = new byte[HandshakeLimits.MaxDatagramBytes];
        var outcome = responder.ReadNode(Bytes(GoldenHandshakes.TomorrowInitiation), new(Source, At(1), UnderLoad: false), buffer, out _, out var initiation);
        Assert.Equal(InitiationOutcome.Accepted, outcome);
        Assert.Equal(InitiationOutcome.Accepted, initiation!.Open(out var hello));
        Assert.Equal(6UL, hello.Counter);
        initiation.Respond(new(1), At(1), buffer, out var result);
        Assert.Equal((1, 0x10UL, CipherSuite.Aes128Gcm), (result.Version, result.Features, result.Suite));
    }

    [Fact]
    public void A_response_of_a_node_of_tomorrow_is_understood()
    {
        using var initiatorKey = Static("initiator");
        using var responderKey = Static("responder");
        using var initiator = Initiate(initiatorKey, responderKey, DeterministicRandom.FromNumber(1));
        Assert.True(initiator.TryReadResponse(Bytes(GoldenHandshakes.TomorrowResponse), out var result));
        AssertHex(GoldenHandshakes.TomorrowChain, result.Secrets.ChainSecret);
        var (send, receive) = result.Secrets.TakeKeys();
        AssertSealed(send, 258, "to the responder", GoldenHandshakes.TomorrowToResponder);
        Assert.True(receive.TryOpen(259, "head"u8, Bytes(GoldenHandshakes.TomorrowToInitiator), new byte[16]));
    }

    [Fact]
    public void A_client_handshake()
    {
        using var edgeKey = Static("responder");
        using var client = new ClientInitiator(
            edgeKey.PublicKey, new(0x4142_4344), 0x0102_0304_0506_0708, counter: 4, "a token"u8, At(77),
            new() { Features = 3, Ciphers = CipherSuiteSet.Of(CipherSuite.Aes128Gcm), PreferredCipher = CipherSuite.ChaCha20Poly1305 },
            DeterministicRandom.FromNumber(5));
        using var edge = new HandshakeResponder(new(edgeKey, new(8), new(9)), new() { Features = 6 }, DeterministicRandom.FromNumber(6));
        var buffer = new byte[HandshakeLimits.MaxDatagramBytes];
        AssertHex(GoldenHandshakes.ClientInitiation, buffer.AsSpan(0, client.Write(buffer)));
        var verifier = new FixedTokenVerifier("a token"u8, new(new(0xC1C2_C3C4_C5C6_C7C8), 55));
        var outcome = edge.ReadClient(Bytes(GoldenHandshakes.ClientInitiation), new(Source, At(3_000), UnderLoad: false), verifier, buffer, out _, out var initiation);
        Assert.Equal(InitiationOutcome.Accepted, outcome);
        var length = initiation!.Respond(new(0x5152_5354), At(3_000), buffer, out var edgeResult);
        AssertHex(GoldenHandshakes.ClientResponse, buffer.AsSpan(0, length));
        Assert.True(client.TryReadResponse(buffer.AsSpan(0, length), out var clientResult));
        AssertSecrets(clientResult.Secrets, edgeResult.Secrets, GoldenHandshakes.ClientToResponder, GoldenHandshakes.ClientToInitiator, GoldenHandshakes.ClientChain);
    }

    private static NodeInitiator Initiate(P256KeyPair own, P256KeyPair responder, DeterministicRandom random) => new(
        new(own, new(3), new(0x0102_0304)), responder.PublicKey, new(0x1112_1314), counter: 5, At(1_000_000), InitiatorCapabilities, random);

    private static void AssertSecrets(LinkSecrets initiator, LinkSecrets responder, string toResponder, string toInitiator, string chain)
    {
        AssertHex(chain, initiator.ChainSecret);
        AssertHex(chain, responder.ChainSecret);
        var (initiatorSends, initiatorReceives) = initiator.TakeKeys();
        var (responderSends, responderReceives) = responder.TakeKeys();
        foreach (var key in (AeadKey[])[initiatorSends, responderReceives])
            AssertSealed(key, 258, "to the responder", toResponder);
        foreach (var key in (AeadKey[])[responderSends, initiatorReceives])
            AssertSealed(key, 259, "to the initiator", toInitiator);
    }

    private static void AssertSealed(AeadKey key, ulong number, string text, string expected)
    {
        var sealedBytes = new byte[text.Length + AeadKey.TagBytes];
        key.Seal(number, "head"u8, Encoding.ASCII.GetBytes(text), sealedBytes);
        AssertHex(expected, sealedBytes);
        key.Dispose();
    }

    private static MonoTime At(long microseconds) => new(microseconds * 1_000);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static void AssertHex(string expected, ReadOnlySpan<byte> actual) => Assert.Equal(expected, Convert.ToHexStringLower(actual));

    private static P256KeyPair Static(string name)
    {
        Assert.True(P256KeyPair.TryFromScalar(SHA256.HashData(Encoding.ASCII.GetBytes(name)), out var pair));
        return pair;
    }
}
