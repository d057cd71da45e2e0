using System.Buffers.Binary;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// What an initiator offers, 19 bytes (docs/wire-format.md, section 3.1):
/// <code>lowest version (1) | highest version (1) | features (8) | ciphers (1) | send time in µs (8)</code>
/// </summary>
internal readonly record struct Offer(VersionRange Versions, ulong Features, CipherSuiteSet Ciphers, long SentMicroseconds)
{
    public const int Bytes = 19;

    public void Write(Span<byte> destination)
    {
        destination[0] = Versions.Lowest;
        destination[1] = Versions.Highest;
        BinaryPrimitives.WriteUInt64BigEndian(destination[2..], Features);
        destination[10] = Ciphers.Bits;
        BinaryPrimitives.WriteInt64BigEndian(destination[11..], SentMicroseconds);
    }

    /// <summary>Reads the first 19 bytes, which are there; false for a range of versions that is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Offer offer)
    {
        offer = new(
            new(bytes[0], bytes[1]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]),
            new(bytes[10]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[11..]));
        return offer.Versions.IsValid;
    }
}
