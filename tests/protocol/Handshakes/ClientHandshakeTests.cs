using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using static WeCan.Protocol.Tests.Handshakes.HandshakeHarness;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Holds docs/wire-format.md, sections 3.4 and 3.5.</summary>
public sealed class ClientHandshakeTests
{
    [Theory]
    [InlineData(CipherSuite.Aes128Gcm, CipherSuite.ChaCha20Poly1305)]
    [InlineData(CipherSuite.ChaCha20Poly1305, CipherSuite.Aes128Gcm)]
    public void Both_ends_agree(CipherSuite handshakeSuite, CipherSuite dataSuite)
    {
        using var harness = new HandshakeHarness(
            initiator: new() { Features = 0b0111, PreferredCipher = handshakeSuite }, responder: new() { Features = 0b1101, PreferredCipher = dataSuite });
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadClient(harness.ClientInitiation(), out var initiation, At(200)));
        Assert.Equal((Grant, 8UL, 9UL, new LinkId(0x0E0F_1011)), (initiation!.Grant, initiation.SessionNonce, initiation.Counter, initiation.PeerLink));
        var response = new byte[ClientResponseBytes];
        Assert.Equal(ClientResponseBytes, initiation.Respond(new(6), At(202), response, out var edge));
        Assert.True(harness.Client.TryReadResponse(response, out var client));
        Assert.Equal((client.PeerLink, client.OwnLink), (edge.OwnLink, edge.PeerLink));
        Assert.Equal((harness.ResponderKey.PublicKey, new BootEpoch(20)), (client.PeerStatic, client.PeerEpoch));
        Assert.True(edge.PeerStatic.IsNone);
        foreach (var result in (HandshakeResult[])[client, edge])
            Assert.Equal((1, 0b0101UL, dataSuite, Grant.Client), (result.Version, result.Features, result.Suite, result.Client));
        Assert.Equal(Duration.FromMilliseconds(8), client.Times.RoundTrip(At(110)));
        AssertKeysMatch(client.Secrets, edge.Secrets);
    }

    [Fact]
    public void A_token_fills_the_smallest_path_and_no_more()
    {
        Assert.Equal(967, HandshakeLimits.MaxTokenBytes);
        using var harness = new HandshakeHarness();
        var token = new byte[HandshakeLimits.MaxTokenBytes];
        using var client = new ClientInitiator(harness.ResponderKey.PublicKey, new(1), 1, 1, token, At(0), HandshakeCapabilities.Default, harness.Random);
        Assert.Equal(HandshakeLimits.MaxDatagramBytes, client.Length);
        var datagram = new byte[client.Length];
        client.Write(datagram);
        Assert.Equal(InitiationOutcome.TokenRefused, harness.ReadClient(datagram, out _));
        Assert.Equal(1, harness.Verifier.Asked);
        Assert.Throws<ArgumentException>(() => new ClientInitiator(
            harness.ResponderKey.PublicKey, new(1), 1, 1, new byte[HandshakeLimits.MaxTokenBytes + 1], At(0), HandshakeCapabilities.Default, harness.Random));
    }

    [Fact]
    public void The_shortest_initiation_is_longer_than_every_answer()
    {
        using var harness = new HandshakeHarness();
        using var client = new ClientInitiator(harness.ResponderKey.PublicKey, new(1), 1, 1, [], At(0), HandshakeCapabilities.Default, harness.Random);
        Assert.True(client.Length >= HandshakeLimits.MaxAnswerBytes);
    }

    [Fact]
    public void Every_changed_byte_of_an_initiation_is_refused_before_the_token_is_looked_at()
    {
        using var harness = new HandshakeHarness();
        var good = harness.ClientInitiation();
        for (var i = 0; i < good.Length - HandshakeWire.MacBytes; i++)
        {
            foreach (var change in (byte[])[0x01, 0x80, 0xFF])
            {
                var bad = good.ToArray();
                bad[i] ^= change;
                Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadClient(bad, out _));
                if (i < good.Length - MacsBytes)
                    Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadClient(harness.WithMac1(bad), out _));
            }
        }

        Assert.Equal(0, harness.Verifier.Asked);
    }

    [Fact]
    public void Every_changed_byte_of_a_response_is_refused_and_the_true_one_still_counts()
    {
        using var harness = new HandshakeHarness();
        var good = harness.ClientResponse(out var edge);
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var change in (byte[])[0x01, 0x80, 0xFF])
            {
                var bad = good.ToArray();
                bad[i] ^= change;
                Assert.False(harness.Client.TryReadResponse(bad, out _));
            }
        }

        for (var length = 0; length < good.Length; length++)
            Assert.False(harness.Client.TryReadResponse(good.AsSpan(0, length), out _));
        Assert.False(harness.Client.TryReadResponse([.. good, 0], out _));
        Assert.True(harness.Client.TryReadResponse(good, out var client));
        AssertKeysMatch(client.Secrets, edge.Secrets);
        Assert.False(harness.Client.TryReadResponse(good, out _));
    }

    [Fact]
    public void Shorter_and_longer_initiations_are_refused()
    {
        using var harness = new HandshakeHarness();
        var good = harness.ClientInitiation();
        for (var length = 0; length < good.Length; length++)
        {
            Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadClient(good.AsSpan(0, length), out _));
            if (length >= MacsBytes)
                Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadClient(harness.WithMac1(good[..length]), out _));
        }

        foreach (var extra in (int[])[1, 16, 500, 2_000])
            Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadClient(harness.WithMac1([.. good, .. new byte[extra]]), out _));
    }

    [Fact]
    public void A_payload_of_tomorrow_is_read_and_a_broken_one_is_malformed()
    {
        using var harness = new HandshakeHarness();
        var payload = new byte[ClientHello.FixedBytes + Token.Length];
        new ClientHello { SessionNonce = 1, Counter = 1, Offer = new(new(1, 9), ulong.MaxValue, new(0xFF), 0), Token = Token }.Write(payload);
        foreach (var extensions in (byte[][])[[], [0, 9, 0, 0], [0, 9, 0, 2, 1, 2, 255, 255, 0, 1, 7]])
            Assert.Equal(InitiationOutcome.Accepted, harness.ReadClient(harness.ClientInitiationWith([.. payload, .. extensions]), out _));
        foreach (var extensions in (byte[][])[[0], [0, 9, 0, 1], [0, 9, 255, 255, 1]])
            Assert.Equal(InitiationOutcome.MalformedPayload, harness.ReadClient(harness.ClientInitiationWith([.. payload, .. extensions]), out _));
        Assert.Equal(InitiationOutcome.MalformedPayload, harness.ReadClient(harness.ClientInitiationWith(payload.AsSpan(0, payload.Length - 1)), out _));

        payload[16] = 2;
        Assert.Equal(InitiationOutcome.NoCommonVersion, harness.ReadClient(harness.ClientInitiationWith(payload), out _));
        payload[16] = 1;
        payload[26] = 0b1111_1001;
        Assert.Equal(InitiationOutcome.NoCommonCipher, harness.ReadClient(harness.ClientInitiationWith(payload), out _));
    }

    [Fact]
    public void A_message_of_one_handshake_is_none_of_the_other()
    {
        using var harness = new HandshakeHarness();
        Assert.Equal(InitiationOutcome.Malformed, harness.ReadClient(harness.NodeInitiation(), out _));
        Assert.Equal(InitiationOutcome.Malformed, harness.ReadNode(harness.ClientInitiation(), out _));
        Assert.False(harness.Client.TryReadResponse(harness.NodeResponse(out _), out _));
        Assert.False(harness.Node.TryReadResponse(harness.ClientResponse(out _), out _));
    }

    [Fact]
    public void An_initiation_is_answered_once()
    {
        using var harness = new HandshakeHarness();
        harness.ReadClient(harness.ClientInitiation(), out var initiation);
        initiation!.Respond(new(1), At(0), new byte[ClientResponseBytes], out _);
        Assert.Throws<InvalidOperationException>(() => initiation.Respond(new(1), At(0), new byte[ClientResponseBytes], out _));
    }
}
