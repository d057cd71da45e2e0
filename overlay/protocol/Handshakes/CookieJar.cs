using System.Buffers.Binary;
using System.Security.Cryptography;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// Makes the cookie of an address, and makes it again to check one: so nothing is kept per sender. The secret is replaced
/// every two minutes of the time handed in, and the one before it still counts (docs/wire-format.md, section 3.3).
/// </summary>
internal sealed class CookieJar(DeterministicRandom random) : IDisposable
{
    private const int AddressBytes = 18;

    private readonly byte[] _current = new byte[Hkdf.HashBytes];
    private readonly byte[] _previous = new byte[Hkdf.HashBytes];
    private MonoTime _renewAt = MonoTime.Zero;
    private bool _started;

    public void Write(NetAddress source, MonoTime now, Span<byte> cookie)
    {
        Renew(now);
        Write(_current, source, cookie);
    }

    /// <summary>Whether <paramref name="mac"/> was made of this message with a cookie that this jar gave to this address lately.</summary>
    public bool Proves(NetAddress source, MonoTime now, ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        Renew(now);
        Span<byte> cookie = stackalloc byte[HandshakeWire.CookieBytes];
        Write(_current, source, cookie);
        if (HandshakeMac.IsRight(cookie, message, mac))
            return true;
        Write(_previous, source, cookie);
        return HandshakeMac.IsRight(cookie, message, mac);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_current);
        CryptographicOperations.ZeroMemory(_previous);
    }

    private static void Write(ReadOnlySpan<byte> secret, NetAddress source, Span<byte> cookie)
    {
        Span<byte> address = stackalloc byte[AddressBytes];
        BinaryPrimitives.WriteUInt64BigEndian(address, source.High);
        BinaryPrimitives.WriteUInt64BigEndian(address[8..], source.Low);
        BinaryPrimitives.WriteUInt16BigEndian(address[16..], source.Port);
        HandshakeMac.Write(secret, address, cookie);
    }

    private void Renew(MonoTime now)
    {
        if (_started && now < _renewAt)
            return;

        // After a long rest the current secret is as old as one that has been replaced twice.
        if (_started && now < _renewAt + HandshakeLimits.CookieSecretLifetime)
            _current.CopyTo(_previous, 0);
        else
            random.Fill(_previous);
        random.Fill(_current);
        _renewAt = now + HandshakeLimits.CookieSecretLifetime;
        _started = true;
    }
}
