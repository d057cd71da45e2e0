using System.Buffers.Binary;
using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// An initiation as its sender keeps it for retransmission: the same bytes each time, but for mac2 once a cookie came. Both
/// kinds of initiators own one.
/// </summary>
internal sealed class InitiationMessage
{
    private readonly byte[] _bytes;
    private readonly byte[] _cookieSalt;
    private byte[]? _cookie;

    private InitiationMessage(byte[] bytes, in P256PublicKey responder)
    {
        _bytes = bytes;
        _cookieSalt = HandshakeMac.CookieSaltFor(responder);
    }

    public int Length => _bytes.Length;

    /// <summary>Writes the header and the ephemeral key; what follows is the caller's until <see cref="Finish"/>.</summary>
    public static void WriteHead(Span<byte> bytes, byte type, CipherSuite suite, LinkId ownLink, in P256PublicKey ephemeral)
    {
        bytes[0] = type;
        bytes[1] = HandshakeWire.Format;
        bytes[2] = (byte)suite;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[HandshakeWire.SenderLink..], ownLink.Value);
        ephemeral.Write(bytes[HandshakeWire.InitiationHeaderBytes..]);
    }

    /// <summary>Takes the bytes over and puts mac1 in its place; mac2 is still zero.</summary>
    public static InitiationMessage Finish(byte[] bytes, in P256PublicKey responder)
    {
        var mac1 = bytes.Length - (2 * HandshakeWire.MacBytes);
        HandshakeMac.Write(HandshakeMac.KeyFor(responder), bytes.AsSpan(0, mac1), bytes.AsSpan(mac1));
        return new(bytes, responder);
    }

    public int Write(Span<byte> destination)
    {
        if (_cookie is not null)
        {
            var mac2 = Length - HandshakeWire.MacBytes;
            HandshakeMac.Write(_cookie, _bytes.AsSpan(0, mac2), _bytes.AsSpan(mac2));
        }

        _bytes.CopyTo(destination);
        return Length;
    }

    /// <summary>Takes the cookie out of a reply to this very initiation.</summary>
    public bool TryReadCookie(ReadOnlySpan<byte> datagram)
    {
        Span<byte> cookie = stackalloc byte[HandshakeWire.CookieBytes];
        if (!CookieReply.TryRead(datagram, _bytes, _cookieSalt, cookie))
            return false;
        _cookie = cookie.ToArray();
        return true;
    }

    public void Erase()
    {
        if (_cookie is not null)
            CryptographicOperations.ZeroMemory(_cookie);
    }
}
