using System.Security.Cryptography;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// The cookie reply (docs/wire-format.md, section 3.3), which only the sender of the initiation that it answers can have asked for:
/// <code>0x03 | format | suite | 0 | receiver's LinkId (4) | nonce (16) | cookie, sealed (32)</code>
/// Each is sealed with a key of its own, out of its nonce and that initiation's mac1.
/// </summary>
internal static class CookieReply
{
    private const int KeyBytes = CipherSuites.MaxKeyBytes + AeadKey.IvBytes;

    /// <summary>Writes the reply to an initiation whose header is well formed, and returns its length.</summary>
    public static int Write(
        ReadOnlySpan<byte> initiation, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> cookie, DeterministicRandom random, Span<byte> destination)
    {
        initiation[..HandshakeWire.InitiationHeaderBytes].CopyTo(destination);
        destination[0] = HandshakeWire.CookieReply;
        var nonce = destination.Slice(HandshakeWire.CookieNonce, HandshakeWire.CookieNonceBytes);
        random.Fill(nonce);
        using var key = CreateKey((CipherSuite)initiation[2], salt, nonce, Mac1Of(initiation));
        key.Seal(0, destination[..HandshakeWire.InitiationHeaderBytes], cookie, destination[HandshakeWire.SealedCookie..]);
        return HandshakeWire.CookieReplyBytes;
    }

    /// <summary>Reads the reply to this initiation; false for everything else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> initiation, ReadOnlySpan<byte> salt, Span<byte> cookie)
    {
        if (datagram.Length != HandshakeWire.CookieReplyBytes
            || datagram[0] != HandshakeWire.CookieReply
            || !datagram[1..HandshakeWire.InitiationHeaderBytes].SequenceEqual(initiation[1..HandshakeWire.InitiationHeaderBytes]))
            return false;
        var nonce = datagram.Slice(HandshakeWire.CookieNonce, HandshakeWire.CookieNonceBytes);
        using var key = CreateKey((CipherSuite)initiation[2], salt, nonce, Mac1Of(initiation));
        return key.TryOpen(0, datagram[..HandshakeWire.InitiationHeaderBytes], datagram[HandshakeWire.SealedCookie..], cookie);
    }

    private static ReadOnlySpan<byte> Mac1Of(ReadOnlySpan<byte> initiation) => initiation[^(2 * HandshakeWire.MacBytes)..^HandshakeWire.MacBytes];

    private static AeadKey CreateKey(CipherSuite suite, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> mac1)
    {
        Span<byte> input = stackalloc byte[HandshakeWire.CookieNonceBytes + HandshakeWire.MacBytes];
        Span<byte> pseudoRandomKey = stackalloc byte[Hkdf.HashBytes], output = stackalloc byte[KeyBytes];
        nonce.CopyTo(input);
        mac1.CopyTo(input[HandshakeWire.CookieNonceBytes..]);
        Hkdf.Extract(salt, input, pseudoRandomKey);
        Hkdf.Expand(pseudoRandomKey, "wecan cookie key"u8, output);
        var key = AeadKey.Create(suite, provider: null, output[..CipherSuites.KeyBytes(suite)], output[CipherSuites.MaxKeyBytes..]);
        CryptographicOperations.ZeroMemory(output);
        return key;
    }
}
