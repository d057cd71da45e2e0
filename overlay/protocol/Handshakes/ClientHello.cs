using System.Buffers.Binary;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// What a client says in its initiation (docs/wire-format.md, section 3.4), a view over the opened payload:
/// <code>session nonce (8) | counter (8) | offer (19) | token length (2) | token | extensions</code>
/// </summary>
internal readonly ref struct ClientHello
{
    public const int FixedBytes = 16 + Handshakes.Offer.Bytes + sizeof(ushort);

    public ulong SessionNonce { get; init; }

    public ulong Counter { get; init; }

    public Offer Offer { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, SessionNonce);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Counter);
        Offer.Write(destination[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[35..], (ushort)Token.Length);
        Token.CopyTo(destination[FixedBytes..]);
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out ClientHello hello)
    {
        hello = default;
        if (payload.Length < FixedBytes || !Offer.TryRead(payload[16..], out var offer))
            return false;
        int tokenLength = BinaryPrimitives.ReadUInt16BigEndian(payload[35..]);
        var rest = payload[FixedBytes..];
        if (rest.Length < tokenLength || !ExtensionFields.TrySkip(rest[tokenLength..]))
            return false;
        hello = new()
        {
            SessionNonce = BinaryPrimitives.ReadUInt64BigEndian(payload),
            Counter = BinaryPrimitives.ReadUInt64BigEndian(payload[8..]),
            Offer = offer,
            Token = rest[..tokenLength],
        };
        return true;
    }
}
