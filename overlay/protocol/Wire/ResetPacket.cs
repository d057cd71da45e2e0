using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>A RESET packet: a flow is over. docs/wire-format.md, section 7.3.</summary>
/// <remarks><code>
///   0 0 1 1 0 0 0 T     T: told by the origin that the flow has ended; otherwise the destination's answer
/// +------+------------------+-------------+----------------+------------+
/// | 0x3T | origin epoch (4) | flow varint | dest epoch (4) | reason (1) |
/// +------+------------------+-------------+----------------+------------+
/// </code>The origin writes a dest epoch of 0 when it never learnt the destination's life.</remarks>
internal readonly record struct ResetPacket
{
    public const int MaxLength = 1 + 4 + 8 + 4 + 1;

    private const byte Type = 0x30;
    private const byte OriginFlag = 0x01;

    public bool FromOrigin { get; init; }

    public BootEpoch OriginEpoch { get; init; }

    public uint Flow { get; init; }

    public BootEpoch DestinationEpoch { get; init; }

    public ResetReason Reason { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> packet, out ResetPacket reset)
    {
        reset = default;
        var reader = new WireReader(packet);
        if (!reader.TryReadByte(out var type) || (type & ~OriginFlag) != Type)
            return false;
        if (!reader.TryReadUInt32(out var originEpoch) || originEpoch == 0)
            return false;
        if (!reader.TryReadVarInt(out var flow) || flow > uint.MaxValue)
            return false;
        var fromOrigin = (type & OriginFlag) != 0;
        if (!reader.TryReadUInt32(out var destinationEpoch) || (destinationEpoch == 0 && !fromOrigin))
            return false;
        if (!reader.TryReadByte(out var reason) || reason is < 1 or > 3 || !reader.IsAtEnd)
            return false;
        reset = new ResetPacket
        {
            FromOrigin = fromOrigin,
            OriginEpoch = new BootEpoch(originEpoch),
            Flow = (uint)flow,
            DestinationEpoch = new BootEpoch(destinationEpoch),
            Reason = (ResetReason)reason,
        };
        return true;
    }

    public void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)(Type | (FromOrigin ? OriginFlag : 0)));
        writer.WriteUInt32(OriginEpoch.Value);
        writer.WriteVarInt(Flow);
        writer.WriteUInt32(DestinationEpoch.Value);
        writer.WriteByte((byte)Reason);
    }
}
