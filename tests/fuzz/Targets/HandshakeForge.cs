using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>Handshake datagrams that are authentic in every respect but carry whatever payload the fuzzer likes: liars with keys.</summary>
internal static class HandshakeForge
{
    public static byte[] NodeInitiation(P256KeyPair own, in P256PublicKey responder, ReadOnlySpan<byte> payload)
    {
        using var ephemeral = P256KeyPair.Generate(DeterministicRandom.FromNumber(41));
        using var state = new SymmetricState(HandshakeWire.NodeProtocolName, CipherSuite.Aes128Gcm);
        var bytes = new byte[HandshakeWire.NodeInitiationOverhead + payload.Length];
        BeginInitiation(state, bytes, HandshakeWire.NodeInitiation, ephemeral, responder);
        state.SealAndHash(own.PublicKey.ToArray(), bytes.AsSpan(HandshakeWire.SealedStatic));
        state.MixAgreement(own, responder);
        state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.NodePayload));
        WriteMac1(bytes, responder);
        return bytes;
    }

    public static byte[] ClientInitiation(in P256PublicKey responder, ReadOnlySpan<byte> payload)
    {
        using var ephemeral = P256KeyPair.Generate(DeterministicRandom.FromNumber(42));
        using var state = new SymmetricState(HandshakeWire.ClientProtocolName, CipherSuite.Aes128Gcm);
        var bytes = new byte[HandshakeWire.ClientInitiationOverhead + payload.Length];
        BeginInitiation(state, bytes, HandshakeWire.ClientInitiation, ephemeral, responder);
        state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.ClientPayload));
        WriteMac1(bytes, responder);
        return bytes;
    }

    /// <summary>The answer to an initiation that was made for <paramref name="own"/>.</summary>
    public static byte[] NodeResponse(P256KeyPair own, ReadOnlySpan<byte> initiation, ReadOnlySpan<byte> payload)
    {
        using var state = new SymmetricState(HandshakeWire.NodeProtocolName, (CipherSuite)initiation[2]);
        var peerEphemeralBytes = initiation.Slice(HandshakeWire.InitiationHeaderBytes, P256PublicKey.Bytes);
        state.MixHash(initiation[..HandshakeWire.InitiationHeaderBytes]);
        state.MixHash(own.PublicKey.ToArray());
        state.MixHash(peerEphemeralBytes);
        Assert.True(P256PublicKey.TryRead(peerEphemeralBytes, out var peerEphemeral));
        state.MixAgreement(own, peerEphemeral);
        var peerStaticBytes = new byte[P256PublicKey.Bytes];
        Assert.True(state.TryOpenAndHash(initiation.Slice(HandshakeWire.SealedStatic, HandshakeWire.SealedStaticBytes), peerStaticBytes));
        Assert.True(P256PublicKey.TryRead(peerStaticBytes, out var peerStatic));
        state.MixAgreement(own, peerStatic);
        var sealedHello = initiation[HandshakeWire.NodePayload..^(2 * HandshakeWire.MacBytes)];
        Assert.True(state.TryOpenAndHash(sealedHello, new byte[sealedHello.Length]));

        using var ephemeral = P256KeyPair.Generate(DeterministicRandom.FromNumber(43));
        var bytes = new byte[HandshakeWire.NodeResponseOverhead + payload.Length];
        ResponseHeader.Write(bytes, HandshakeWire.NodeResponse, new LinkId(77), new LinkId(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(initiation[HandshakeWire.SenderLink..])));
        ephemeral.PublicKey.Write(bytes.AsSpan(HandshakeWire.ResponseHeaderBytes));
        state.MixHash(bytes.AsSpan(0, HandshakeWire.ResponseHeaderBytes));
        state.MixHash(ephemeral.PublicKey.ToArray());
        state.MixAgreement(ephemeral, peerEphemeral);
        state.MixAgreement(ephemeral, peerStatic);
        state.SealAndHash(payload, bytes.AsSpan(HandshakeWire.ResponsePayload));
        var mac = bytes.Length - HandshakeWire.MacBytes;
        HandshakeMac.Write(HandshakeMac.KeyFor(peerStatic), bytes.AsSpan(0, mac), bytes.AsSpan(mac));
        return bytes;
    }

    /// <summary>Puts the mac1 in that anybody can make who knows the responder's public key.</summary>
    public static void WriteMac1(Span<byte> initiation, in P256PublicKey responder)
    {
        var mac1 = initiation.Length - (2 * HandshakeWire.MacBytes);
        if (mac1 >= 0)
            HandshakeMac.Write(HandshakeMac.KeyFor(responder), initiation[..mac1], initiation[mac1..]);
    }

    public static bool HasMac1(ReadOnlySpan<byte> initiation, ReadOnlySpan<byte> macKey)
    {
        var mac1 = initiation.Length - (2 * HandshakeWire.MacBytes);
        return mac1 >= 0 && HandshakeMac.IsRight(macKey, initiation[..mac1], initiation[mac1..^HandshakeWire.MacBytes]);
    }

    private static void BeginInitiation(SymmetricState state, Span<byte> bytes, byte type, P256KeyPair ephemeral, in P256PublicKey responder)
    {
        InitiationMessage.WriteHead(bytes, type, CipherSuite.Aes128Gcm, new LinkId(55), ephemeral.PublicKey);
        state.MixHash(bytes[..HandshakeWire.InitiationHeaderBytes]);
        state.MixHash(responder.ToArray());
        state.MixHash(ephemeral.PublicKey.ToArray());
        state.MixAgreement(ephemeral, responder);
    }
}
