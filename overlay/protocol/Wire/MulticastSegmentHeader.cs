using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>The head of a MULTICAST packet: a segment for many destinations, or for one of them. docs/wire-format.md, section 7.5.</summary>
/// <remarks><code>
///   0 1 0 1 J E B D     D: direct, to one destination by unicast    B: begins a message    E: ends a message
///                       J: joins anew
/// +------+------------------+-------------+------------------+ - - - - - - - -+- - - - - - - - +- - - - -+---------+
/// | type | origin epoch (4) | flow varint | sequence  varint | dest epoch (4) | message length | priors  | payload |
/// +------+------------------+-------------+------------------+ - - - - - - - -+- - - - - - - - +- - - - -+---------+
///                                                              if D             varint, if B     if B
///                                                                               and not E
/// </code></remarks>
internal readonly record struct MulticastSegmentHeader
{
    /// <summary>All fields but the priors at their longest.</summary>
    public const int MaxLength = 1 + 4 + 8 + 8 + 4 + MessagePart.MaxLength;

    /// <summary>The payload of the first segment of a message that has more than one.</summary>
    public const int FirstSegment = 1_024;

    /// <summary>Multicast flows are numbered below this, and named elsewhere with it added.</summary>
    public const uint NumberBase = 1u << 31;

    public const byte Type = 0x50;

    private const byte DirectFlag = 0x01;
    private const byte JoinsAnewFlag = 0x08;

    public BootEpoch OriginEpoch { get; init; }

    public uint Flow { get; init; }

    public ulong Sequence { get; init; }

    public bool IsDirect { get; init; }

    /// <summary>In a direct packet the life that the origin knows, or none.</summary>
    public BootEpoch DestinationEpoch { get; init; }

    /// <summary>The flags B and E, and the message's length.</summary>
    public MessagePart Part { get; init; }

    /// <summary>In a direct packet that begins a message: what lies before its prior and has not come will not come.</summary>
    public bool JoinsAnew { get; init; }

    /// <summary>Read only, for the reader's own edge: where the message before this one ended.</summary>
    public ulong Prior { get; init; }

    /// <summary>Read only: the segment opens a flow that the reader does not know.</summary>
    public bool MayOpen { get; init; }

    public static ulong ReachOf(ulong sequence, ulong prior, bool opens) => ((sequence - prior) << 1) | (opens ? 1u : 0);

    /// <summary>Reads a packet as the edge with the given index in the packet's set; a direct packet is the same for every edge.</summary>
    public static bool TryRead(ReadOnlySpan<byte> packet, byte edge, out MulticastSegmentHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        var reader = new WireReader(packet);
        if (!reader.TryReadByte(out var type) || (type & 0xF0) != Type)
            return false;
        if (!reader.TryReadUInt32(out var originEpoch) || originEpoch == 0)
            return false;
        if (!reader.TryReadVarInt(out var flow) || flow >= NumberBase || !reader.TryReadVarInt(out var sequence))
            return false;
        var isDirect = (type & DirectFlag) != 0;
        var destinationEpoch = 0u;
        if (isDirect && !reader.TryReadUInt32(out destinationEpoch))
            return false;
        if (!MessagePart.TryRead(type, ref reader, out var part))
            return false;
        var joinsAnew = (type & JoinsAnewFlag) != 0;
        if (joinsAnew && !(isDirect && part.Begins))
            return false;
        var reach = 0ul;
        if (part.Begins && !(isDirect ? reader.TryReadVarInt(out reach) : PriorList.TryRead(ref reader, edge, out reach)))
            return false;
        if (reach >> 1 > sequence || (isDirect && destinationEpoch != 0 && (reach & 1) != 0))
            return false;
        payload = reader.ReadRest();
        if (payload.Length > WireLimits.MaxSegment || (part.IsFirstOfSeveral && (payload.Length != FirstSegment || part.MessageLength <= FirstSegment)))
            return false;
        header = new MulticastSegmentHeader
        {
            OriginEpoch = new BootEpoch(originEpoch),
            Flow = (uint)flow,
            Sequence = sequence,
            IsDirect = isDirect,
            DestinationEpoch = new BootEpoch(destinationEpoch),
            Part = part,
            JoinsAnew = joinsAnew,
            Prior = sequence - (reach >> 1),
            MayOpen = part.Begins && (reach & 1) != 0,
        };
        return true;
    }

    /// <summary>Writes everything but the priors, which follow where a message begins.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)(Type | Part.Flags | (IsDirect ? DirectFlag : 0) | (JoinsAnew ? JoinsAnewFlag : 0)));
        writer.WriteUInt32(OriginEpoch.Value);
        writer.WriteVarInt(Flow);
        writer.WriteVarInt(Sequence);
        if (IsDirect)
            writer.WriteUInt32(DestinationEpoch.Value);
        Part.WriteLength(ref writer);
    }
}
