using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>The head of a STREAM packet: a segment of a Signal or Bulk flow. docs/wire-format.md, section 7.1.</summary>
/// <remarks><code>
///   0 0 0 1 0 E B O     O: open, the destination's life is not known yet    B: begins a message    E: ends a message
/// +------+------------------+--------------+ - - - - - - - - +---------------+ - - - - - - - - - +-----------+
/// | type | origin epoch (4) | flow  varint | dest epoch (4)  | sequence (4)  | message length    | payload   |
/// +------+------------------+--------------+ - - - - - - - - +---------------+ - - - - - - - - - +-----------+
///                                            unless O          low 32 bits     varint, if B and not E
/// </code></remarks>
internal readonly record struct StreamHeader
{
    /// <summary>Type, epochs, sequence, the longest flow number and the longest message length.</summary>
    public const int MaxLength = 1 + 4 + 8 + 4 + 4 + MessagePart.MaxLength;

    private const byte Type = 0x10;
    private const byte OpenFlag = 0x01;
    private const byte Reserved = 0x08;

    public BootEpoch OriginEpoch { get; init; }

    public uint Flow { get; init; }

    /// <summary>None says that the packet opens the flow: the O flag.</summary>
    public BootEpoch DestinationEpoch { get; init; }

    public uint Sequence { get; init; }

    /// <summary>The flags B and E, and the message's length.</summary>
    public MessagePart Part { get; init; }

    public bool IsOpen => DestinationEpoch == BootEpoch.None;

    public static bool TryRead(ReadOnlySpan<byte> packet, out StreamHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        var reader = new WireReader(packet);
        if (!reader.TryReadByte(out var type) || (type & 0xF0) != Type || (type & Reserved) != 0)
            return false;
        if (!reader.TryReadUInt32(out var originEpoch) || originEpoch == 0)
            return false;
        if (!reader.TryReadVarInt(out var flow) || flow > uint.MaxValue)
            return false;
        var destinationEpoch = 0u;
        if ((type & OpenFlag) == 0 && (!reader.TryReadUInt32(out destinationEpoch) || destinationEpoch == 0))
            return false;
        if (!reader.TryReadUInt32(out var sequence) || !MessagePart.TryRead(type, ref reader, out var part))
            return false;
        payload = reader.ReadRest();
        if (payload.Length > WireLimits.MaxSegment || (part.IsFirstOfSeveral && (payload.IsEmpty || payload.Length >= part.MessageLength)))
            return false;
        header = new StreamHeader
        {
            OriginEpoch = new BootEpoch(originEpoch),
            Flow = (uint)flow,
            DestinationEpoch = new BootEpoch(destinationEpoch),
            Sequence = sequence,
            Part = part,
        };
        return true;
    }

    public void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)(Type | Part.Flags | (IsOpen ? OpenFlag : 0)));
        writer.WriteUInt32(OriginEpoch.Value);
        writer.WriteVarInt(Flow);
        if (!IsOpen)
            writer.WriteUInt32(DestinationEpoch.Value);
        writer.WriteUInt32(Sequence);
        Part.WriteLength(ref writer);
    }
}
