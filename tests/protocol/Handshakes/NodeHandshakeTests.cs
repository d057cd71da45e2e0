using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using static WeCan.Protocol.Tests.Handshakes.HandshakeHarness;

namespace WeCan.Protocol.Tests.Handshakes;

/// <summary>Holds docs/wire-format.md, sections 3.1, 3.2 and 3.6.</summary>
public sealed class NodeHandshakeTests
{
    [Theory]
    [InlineData(CipherSuite.Aes128Gcm, CipherSuite.Aes128Gcm)]
    [InlineData(CipherSuite.Aes128Gcm, CipherSuite.ChaCha20Poly1305)]
    [InlineData(CipherSuite.ChaCha20Poly1305, CipherSuite.Aes128Gcm)]
    [InlineData(CipherSuite.ChaCha20Poly1305, CipherSuite.ChaCha20Poly1305)]
    public void Both_ends_agree_and_know_each_other(CipherSuite handshakeSuite, CipherSuite dataSuite)
    {
        using var harness = new HandshakeHarness(
            initiator: new() { Features = 0b0111, PreferredCipher = handshakeSuite }, responder: new() { Features = 0b1101, PreferredCipher = dataSuite });
        var response = harness.NodeResponse(out var responder);
        Assert.True(harness.Node.TryReadResponse(response, out var initiator));

        Assert.Equal((new LinkId(0x0A0B_0C0D), new LinkId(0x2021_2223)), (initiator.OwnLink, initiator.PeerLink));
        Assert.Equal((initiator.PeerLink, initiator.OwnLink), (responder.OwnLink, responder.PeerLink));
        Assert.Equal((harness.ResponderKey.PublicKey, harness.InitiatorKey.PublicKey), (initiator.PeerStatic, responder.PeerStatic));
        Assert.Equal((new BootEpoch(20), new BootEpoch(10)), (initiator.PeerEpoch, responder.PeerEpoch));
        foreach (var result in (HandshakeResult[])[initiator, responder])
            Assert.Equal((1, 0b0101UL, dataSuite, ClientId.None), (result.Version, result.Features, result.Suite, result.Client));
        Assert.Equal(100_000, responder.Times.PeerMicroseconds);
        Assert.Equal(new HandshakeTimes(200_000, 100_000, Duration.FromMilliseconds(3)), initiator.Times);
        Assert.Equal(Duration.FromMilliseconds(40), initiator.Times.RoundTrip(At(143)));
        AssertKeysMatch(initiator.Secrets, responder.Secrets);
    }

    [Fact]
    public void Sizes_are_the_specified_ones_and_no_answer_is_longer_than_what_it_answers()
    {
        using var harness = new HandshakeHarness();
        var initiation = harness.NodeInitiation();
        Assert.Equal(NodeInitiationBytes, initiation.Length);
        Assert.Equal(InitiationOutcome.CookieSent, harness.ReadNode(initiation, out _, underLoad: true));
        Assert.Equal(CookieReplyBytes, harness.Reply.Length);
        Assert.Equal(NodeResponseBytes, harness.NodeResponse(out _).Length);
        Assert.Equal(NodeResponseBytes, HandshakeLimits.MaxAnswerBytes);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_a_retransmission_repeats_them()
    {
        using HandshakeHarness left = new(seed: 4), right = new(seed: 4), other = new(seed: 5);
        Assert.Equal(left.NodeInitiation(), right.NodeInitiation());
        Assert.Equal(left.NodeInitiation(), left.NodeInitiation());
        Assert.NotEqual(left.NodeInitiation(), other.NodeInitiation());
        Assert.Equal(left.NodeResponse(out _), right.NodeResponse(out _));
        left.ReadNodeHead(left.NodeInitiation(), out var first);
        left.ReadNodeHead(left.NodeInitiation(), out var second);
        Assert.Equal(first!.Digest, second!.Digest);
    }

    [Fact]
    public void Every_changed_byte_of_an_initiation_is_refused_even_with_a_right_mac1()
    {
        using var harness = new HandshakeHarness();
        var good = harness.NodeInitiation();
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var change in (byte[])[0x01, 0x80, 0xFF])
            {
                var bad = good.ToArray();
                bad[i] ^= change;

                // Without load nobody looks at mac2, so a cookie out of date does no harm.
                var expected = i >= good.Length - HandshakeWire.MacBytes ? InitiationOutcome.Accepted : InitiationOutcome.WrongMac;
                var outcome = harness.ReadNode(bad, out _);
                Assert.True(outcome == expected || (i < HandshakeWire.InitiationHeaderBytes && outcome == InitiationOutcome.Malformed));
                if (i < good.Length - MacsBytes)
                    Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadNode(harness.WithMac1(bad), out _));
            }
        }
    }

    [Fact]
    public void Every_changed_byte_of_a_response_is_refused_and_the_true_one_still_counts()
    {
        using var harness = new HandshakeHarness();
        var good = harness.NodeResponse(out var responder);
        var macKey = HandshakeMac.KeyFor(harness.InitiatorKey.PublicKey);
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var change in (byte[])[0x01, 0x80, 0xFF])
            {
                var bad = good.ToArray();
                bad[i] ^= change;
                Assert.False(harness.Node.TryReadResponse(bad, out var result));
                Assert.Null(result);
                if (i >= good.Length - HandshakeWire.MacBytes)
                    continue;
                HandshakeMac.Write(macKey, bad.AsSpan(0, good.Length - HandshakeWire.MacBytes), bad.AsSpan(good.Length - HandshakeWire.MacBytes));
                Assert.False(harness.Node.TryReadResponse(bad, out _));
            }
        }

        Assert.True(harness.Node.TryReadResponse(good, out var initiator));
        AssertKeysMatch(initiator.Secrets, responder.Secrets);
        Assert.False(harness.Node.TryReadResponse(good, out _));
    }

    [Fact]
    public void Shorter_and_longer_datagrams_are_refused()
    {
        using var harness = new HandshakeHarness();
        var initiation = harness.NodeInitiation();
        var response = harness.NodeResponse(out _);
        for (var length = 0; length < initiation.Length; length++)
            Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadNode(initiation.AsSpan(0, length), out _));
        for (var length = 0; length < response.Length; length++)
            Assert.False(harness.Node.TryReadResponse(response.AsSpan(0, length), out _));
        foreach (var extra in (int[])[1, 2, 16, 32, 500, 900, 2_000])
        {
            Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadNode([.. initiation, .. new byte[extra]], out _));
            Assert.NotEqual(InitiationOutcome.Accepted, harness.ReadNode(harness.WithMac1([.. initiation, .. new byte[extra]]), out _));
            Assert.False(harness.Node.TryReadResponse([.. response, .. new byte[extra]], out _));
        }
    }

    [Fact]
    public void Another_static_key_gets_nowhere()
    {
        using HandshakeHarness harness = new(seed: 1), stranger = new(seed: 2);
        Assert.Equal(InitiationOutcome.WrongMac, harness.ReadNode(stranger.NodeInitiation(), out _));
        Assert.Equal(InitiationOutcome.NotAuthentic, harness.ReadNode(harness.WithMac1(stranger.NodeInitiation()), out _));
        Assert.False(harness.Node.TryReadResponse(stranger.NodeResponse(out _), out _));

        // A responder that has another private key than the one the initiator asked for, and even names the right links.
        using var impostor = new HandshakeResponder(new(stranger.ResponderKey, new(2), new(20)), HandshakeCapabilities.Default, stranger.Random);
        var reply = new byte[HandshakeLimits.MaxAnswerBytes];
        Assert.Equal(InitiationOutcome.WrongMac, impostor.ReadNode(harness.NodeInitiation(), new(Source, At(0), false), reply, out _, out _));
    }

    [Fact]
    public void The_static_key_that_is_claimed_counts_only_when_the_payload_opens()
    {
        // Who knows only public keys can claim to be a member, and fails at the second step.
        using HandshakeHarness harness = new(seed: 1), thief = new(seed: 3);
        var bytes = new byte[NodeInitiationBytes];
        using var ephemeral = P256KeyPair.Generate(thief.Random);
        InitiationMessage.WriteHead(bytes, HandshakeWire.NodeInitiation, CipherSuite.Aes128Gcm, new(5), ephemeral.PublicKey);
        using var state = new SymmetricState(HandshakeWire.NodeProtocolName, CipherSuite.Aes128Gcm);
        state.MixHash(bytes.AsSpan(0, HandshakeWire.InitiationHeaderBytes));
        state.MixHash(harness.ResponderKey.PublicKey.ToArray());
        state.MixHash(ephemeral.PublicKey.ToArray());
        state.MixAgreement(ephemeral, harness.ResponderKey.PublicKey);
        state.SealAndHash(harness.InitiatorKey.PublicKey.ToArray(), bytes.AsSpan(HandshakeWire.SealedStatic));
        state.MixAgreement(thief.InitiatorKey, harness.ResponderKey.PublicKey);
        state.SealAndHash(new byte[NodeHello.FixedBytes], bytes.AsSpan(HandshakeWire.NodePayload));
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadNodeHead(harness.WithMac1(bytes), out var initiation));
        Assert.Equal(harness.InitiatorKey.PublicKey, initiation!.PeerStatic);
        Assert.Equal(InitiationOutcome.NotAuthentic, initiation.Open(out _));
        Assert.Throws<InvalidOperationException>(() => initiation.Respond(new(1), At(0), new byte[200], out _));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(1, 3, 2, 5, 3)]
    [InlineData(2, 9, 1, 4, 4)]
    [InlineData(1, 255, 255, 255, 255)]
    [InlineData(1, 1, 2, 3, 0)]
    [InlineData(4, 5, 1, 3, 0)]
    public void The_highest_common_version_is_chosen(byte lowest, byte highest, byte peerLowest, byte peerHighest, int expected)
    {
        using var harness = new HandshakeHarness(
            initiator: new() { Versions = new(lowest, highest) }, responder: new() { Versions = new(peerLowest, peerHighest) });
        var outcome = harness.ReadNode(harness.NodeInitiation(), out var initiation);
        Assert.Equal(expected == 0 ? InitiationOutcome.NoCommonVersion : InitiationOutcome.Accepted, outcome);
        if (expected == 0)
            return;
        var response = new byte[NodeResponseBytes];
        initiation!.Respond(new(1), At(0), response, out var responder);
        Assert.True(harness.Node.TryReadResponse(response, out var initiator));
        Assert.Equal((expected, expected), (initiator.Version, responder.Version));
    }

    [Fact]
    public void No_common_cipher_is_no_handshake()
    {
        using var harness = new HandshakeHarness(
            initiator: new() { Ciphers = CipherSuiteSet.Of(CipherSuite.Aes128Gcm) }, responder: new() { Ciphers = CipherSuiteSet.Of(CipherSuite.ChaCha20Poly1305) });
        Assert.Equal(InitiationOutcome.NoCommonCipher, harness.ReadNode(harness.NodeInitiation(), out _));
    }

    [Fact]
    public void An_authentic_response_that_chooses_what_was_not_offered_is_refused()
    {
        using var harness = new HandshakeHarness(initiator: new()
        {
            Features = 0b0101,
            Ciphers = CipherSuiteSet.Of(CipherSuite.Aes128Gcm),
            PreferredCipher = CipherSuite.Aes128Gcm,
        });
        var good = new Welcome(new(20), new(1, CipherSuite.Aes128Gcm, 0b0001), 100_000, 1, 1);
        foreach (var bad in (Welcome[])
            [
                good with { Agreement = good.Agreement with { Version = 2 } },
                good with { Agreement = good.Agreement with { Version = 0 } },
                good with { Agreement = good.Agreement with { Cipher = CipherSuite.ChaCha20Poly1305 } },
                good with { Agreement = good.Agreement with { Cipher = default } },
                good with { Agreement = good.Agreement with { Cipher = (CipherSuite)9 } },
                good with { Agreement = good.Agreement with { Cipher = (CipherSuite)33 } },
                good with { Agreement = good.Agreement with { Features = 0b0010 } },
                good with { EchoMicroseconds = 99_999 },
            ])
        {
            Assert.False(harness.Node.TryReadResponse(harness.NodeResponseWith(Payload(bad)), out _));
        }

        Assert.False(harness.Node.TryReadResponse(harness.NodeResponseWith([.. Payload(good), 0, 1, 0, 1]), out _));
        Assert.False(harness.Node.TryReadResponse(harness.NodeResponseWith([.. Payload(good), .. new byte[4 * 23]]), out _));
        Assert.True(harness.Node.TryReadResponse(harness.NodeResponseWith([.. Payload(good), .. new byte[4 * 22]]), out var result));
        Assert.Equal(0b0001UL, result.Features);

        static byte[] Payload(Welcome welcome)
        {
            var bytes = new byte[Welcome.Bytes];
            welcome.Write(bytes);
            return bytes;
        }
    }

    [Fact]
    public void A_payload_of_tomorrow_is_read_and_a_broken_one_is_malformed()
    {
        using var harness = new HandshakeHarness();
        var hello = new NodeHello(new(1), new(10), 3) { Offer = new(new(1, 200), ulong.MaxValue, new(0xFF), 0) };
        var payload = new byte[NodeHello.FixedBytes];
        hello.Write(payload);
        var longest = new byte[HandshakeLimits.MaxDatagramBytes - NodeInitiationBytes];
        longest[2] = (byte)((longest.Length - 4) >> 8);
        longest[3] = (byte)(longest.Length - 4);
        foreach (var extensions in (byte[][])[[], [0, 9, 0, 0], [0, 9, 0, 2, 1, 2, 255, 255, 0, 1, 7], longest])
        {
            var datagram = harness.NodeInitiationWith([.. payload, .. extensions]);
            Assert.Equal(InitiationOutcome.Accepted, harness.ReadNode(datagram, out var initiation));
            Assert.True(initiation!.Respond(new(1), At(0), new byte[NodeResponseBytes], out var result) <= datagram.Length);
            Assert.Equal(1, result.Version);
        }

        foreach (var extensions in (byte[][])[[0], [0, 9, 0], [0, 9, 0, 1], [0, 9, 0, 0, 1], [0, 9, 255, 255, 1, 2, 3]])
            Assert.Equal(InitiationOutcome.MalformedPayload, harness.ReadNode(harness.NodeInitiationWith([.. payload, .. extensions]), out _));
        Assert.Equal(InitiationOutcome.Malformed, harness.ReadNode(harness.NodeInitiationWith([.. payload, .. longest, 0]), out _));
        Assert.Equal(InitiationOutcome.Malformed, harness.ReadNode(harness.NodeInitiationWith(payload.AsSpan(1)), out _));
        (hello with { Node = NodeId.None }).Write(payload);
        Assert.Equal(InitiationOutcome.MalformedPayload, harness.ReadNode(harness.NodeInitiationWith(payload), out _));
        foreach (var versions in (VersionRange[])[new(0, 1), new(2, 1)])
        {
            (hello with { Offer = hello.Offer with { Versions = versions } }).Write(payload);
            Assert.Equal(InitiationOutcome.MalformedPayload, harness.ReadNode(harness.NodeInitiationWith(payload), out _));
        }
    }

    [Fact]
    public void Steps_out_of_order_are_our_bugs()
    {
        using var harness = new HandshakeHarness();
        Assert.Equal(InitiationOutcome.Accepted, harness.ReadNodeHead(harness.NodeInitiation(), out var initiation));
        var response = new byte[NodeResponseBytes];
        Assert.Throws<InvalidOperationException>(() => initiation!.Respond(new(1), At(0), response, out _));
        Assert.Equal(InitiationOutcome.Accepted, initiation!.Open(out _));
        Assert.Throws<InvalidOperationException>(() => initiation.Open(out _));
        Assert.Throws<ArgumentException>(() => initiation.Respond(LinkId.None, At(0), response, out _));
        initiation.Respond(new(1), At(0), response, out var result);
        Assert.Throws<InvalidOperationException>(() => initiation.Respond(new(1), At(0), response, out _));
        result.Secrets.TakeKeys();
        Assert.Throws<InvalidOperationException>(() => result.Secrets.TakeKeys());
        Assert.Throws<ArgumentException>(() => new NodeInitiator(
            new(harness.InitiatorKey, new(1), new(1)), default, new(1), 1, At(0), HandshakeCapabilities.Default, harness.Random));
    }
}
