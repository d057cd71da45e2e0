using System.Security.Cryptography;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>The short MACs at the end of handshake datagrams (docs/wire-format.md, section 3.6), compared in constant time.</summary>
internal static class HandshakeMac
{
    /// <summary>The key of mac1 for datagrams to the owner of a static key; as public as that key is.</summary>
    public static byte[] KeyFor(in P256PublicKey receiver) => HashLabelled("wecan mac1"u8, receiver);

    /// <summary>The salt that cookies are sealed with on their way from the owner of a static key.</summary>
    public static byte[] CookieSaltFor(in P256PublicKey responder) => HashLabelled("wecan cookie"u8, responder);

    public static void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, Span<byte> mac)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message, full);
        full[..HandshakeWire.MacBytes].CopyTo(mac);
    }

    public static bool IsRight(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[HandshakeWire.MacBytes];
        Write(key, message, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }

    private static byte[] HashLabelled(ReadOnlySpan<byte> label, in P256PublicKey key)
    {
        Span<byte> bytes = stackalloc byte[label.Length + P256PublicKey.Bytes];
        label.CopyTo(bytes);
        key.Write(bytes[label.Length..]);
        return SHA256.HashData(bytes);
    }
}
