using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// A response's payload (docs/wire-format.md, section 3.2); a client's has its id behind these 34 bytes (section 3.5).
/// <code>boot epoch (4) | version (1) | cipher (1) | features (8) | echo (8) | received (8) | held (4) | [client id (8)] | extensions</code>
/// </summary>
internal readonly record struct Welcome(BootEpoch Epoch, Agreement Agreement, long EchoMicroseconds, long ReceivedMicroseconds, uint HeldMicroseconds)
{
    public const int Bytes = 34;

    public const int ClientBytes = Bytes + sizeof(ulong);

    /// <summary>As the initiator sees them.</summary>
    public HandshakeTimes Times => new(ReceivedMicroseconds, EchoMicroseconds, Duration.FromMicroseconds(HeldMicroseconds));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Epoch.Value);
        destination[4] = Agreement.Version;
        destination[5] = (byte)Agreement.Cipher;
        BinaryPrimitives.WriteUInt64BigEndian(destination[6..], Agreement.Features);
        BinaryPrimitives.WriteInt64BigEndian(destination[14..], EchoMicroseconds);
        BinaryPrimitives.WriteInt64BigEndian(destination[22..], ReceivedMicroseconds);
        BinaryPrimitives.WriteUInt32BigEndian(destination[30..], HeldMicroseconds);
    }

    public void Write(Span<byte> destination, ClientId client)
    {
        Write(destination);
        BinaryPrimitives.WriteUInt64BigEndian(destination[Bytes..], client.Value);
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Welcome welcome)
    {
        welcome = default;
        if (payload.Length < Bytes || !ExtensionFields.TrySkip(payload[Bytes..]))
            return false;
        welcome = ReadFixed(payload);
        return true;
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Welcome welcome, out ClientId client)
    {
        welcome = default;
        client = default;
        if (payload.Length < ClientBytes || !ExtensionFields.TrySkip(payload[ClientBytes..]))
            return false;
        welcome = ReadFixed(payload);
        client = new(BinaryPrimitives.ReadUInt64BigEndian(payload[Bytes..]));
        return true;
    }

    private static Welcome ReadFixed(ReadOnlySpan<byte> payload) => new(
        new(BinaryPrimitives.ReadUInt32BigEndian(payload)),
        new(payload[4], (CipherSuite)payload[5], BinaryPrimitives.ReadUInt64BigEndian(payload[6..])),
        BinaryPrimitives.ReadInt64BigEndian(payload[14..]),
        BinaryPrimitives.ReadInt64BigEndian(payload[22..]),
        BinaryPrimitives.ReadUInt32BigEndian(payload[30..]));
}
