using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Protocol.Handshakes;

/// <summary>
/// What a node says of itself in its initiation, authenticated by its static key (docs/wire-format.md, section 3.1):
/// <code>NodeId (2) | boot epoch (4) | counter (8) | offer (19) | extensions</code>
/// The responder compares <see cref="Epoch"/> and <see cref="Counter"/> with the largest pair that it answered this member: a smaller one is a replay.
/// </summary>
public readonly record struct NodeHello(NodeId Node, BootEpoch Epoch, ulong Counter)
{
    internal const int FixedBytes = 14 + Handshakes.Offer.Bytes;

    internal Offer Offer { get; init; }

    internal void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Node.Value);
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], Epoch.Value);
        BinaryPrimitives.WriteUInt64BigEndian(destination[6..], Counter);
        Offer.Write(destination[14..]);
    }

    internal static bool TryRead(ReadOnlySpan<byte> payload, out NodeHello hello)
    {
        hello = default;
        if (payload.Length < FixedBytes || !Offer.TryRead(payload[14..], out var offer) || !ExtensionFields.TrySkip(payload[FixedBytes..]))
            return false;
        hello = new(
            new(BinaryPrimitives.ReadUInt16BigEndian(payload)),
            new(BinaryPrimitives.ReadUInt32BigEndian(payload[2..])),
            BinaryPrimitives.ReadUInt64BigEndian(payload[6..]))
        { Offer = offer };
        return !hello.Node.IsNone && hello.Epoch != BootEpoch.None;
    }
}
