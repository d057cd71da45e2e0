using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>The head of a REALTIME packet: a short message, or a fragment of a longer one. docs/wire-format.md, section 7.4.</summary>
/// <remarks><code>
///   0 1 0 0 T T S F     T T: the token of the route that the packet took    F: a fragment of a longer message
///                       S: the flow's packets go over several routes
///     a a a             of a flow to many: how long ago a destination was taken in again
/// +------+------------------+-------------+---------------+ - - - - - - + - - - - - - +-----------+
/// | type | origin epoch (4) | flow varint | sequence (4)  | index  (2)  | count  (2)  | payload   |
/// +------+------------------+-------------+---------------+ - - - - - - + - - - - - - +-----------+
///                                                           if F          if F
/// </code></remarks>
internal readonly record struct RealtimeHeader
{
    public const int MaxLength = 1 + 4 + 8 + 4 + 2 + 2;

    /// <summary>The header of a message that is whole.</summary>
    public const int MaxWholeLength = MaxLength - 2 - 2;

    private const int MaxFragments = (WireLimits.MaxMessage + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment;
    private const byte Type = 0x40;
    private const byte FragmentFlag = 0x01;
    private const byte SeveralFlag = 0x02;
    private const int TokenShift = 2;

    public BootEpoch OriginEpoch { get; init; }

    public uint Flow { get; init; }

    /// <summary>Which of the origin's routes the packet took, 0 to 3.</summary>
    public int Token { get; init; }

    /// <summary>Whether the flow's packets go over other routes too.</summary>
    public bool TakesSeveral { get; init; }

    /// <summary>In a flow to many, which takes no route of its own, the same three bits: see <see cref="Wire.AudienceAge"/>.</summary>
    public int AudienceAge
    {
        get => (Token << 1) | (TakesSeveral ? 1 : 0);
        init => (Token, TakesSeveral) = (value >> 1, (value & 1) != 0);
    }

    public uint Sequence { get; init; }

    public ushort Index { get; init; }

    /// <summary>How many fragments the message has; 1 for a message that is whole.</summary>
    public ushort Count { get; init; }

    public static bool TryRead(ReadOnlySpan<byte> packet, out RealtimeHeader header, out ReadOnlySpan<byte> payload)
    {
        header = default;
        payload = default;
        var reader = new WireReader(packet);
        if (!reader.TryReadByte(out var type) || (type & 0xF0) != Type)
            return false;
        if (!reader.TryReadUInt32(out var originEpoch) || originEpoch == 0)
            return false;
        if (!reader.TryReadVarInt(out var flow) || flow > uint.MaxValue || !reader.TryReadUInt32(out var sequence))
            return false;
        ushort index = 0;
        ushort count = 1;
        var isFragment = (type & FragmentFlag) != 0;
        if (isFragment && (!reader.TryReadUInt16(out index) || !reader.TryReadUInt16(out count) || count is < 2 or > MaxFragments || index >= count))
            return false;
        payload = reader.ReadRest();
        if (isFragment ? !FragmentFits(index, count, payload.Length) : payload.Length > WireLimits.MaxWholeRealtime)
            return false;
        header = new RealtimeHeader
        {
            OriginEpoch = new BootEpoch(originEpoch),
            Flow = (uint)flow,
            Token = (type >> TokenShift) & (WireLimits.MaxRoutes - 1),
            TakesSeveral = (type & SeveralFlag) != 0,
            Sequence = sequence,
            Index = index,
            Count = count,
        };
        return true;
    }

    public void Write(ref WireWriter writer)
    {
        writer.WriteByte((byte)(Type | (Token << TokenShift) | (TakesSeveral ? SeveralFlag : 0) | (Count > 1 ? FragmentFlag : 0)));
        writer.WriteUInt32(OriginEpoch.Value);
        writer.WriteVarInt(Flow);
        writer.WriteUInt32(Sequence);
        if (Count <= 1)
            return;
        writer.WriteUInt16(Index);
        writer.WriteUInt16(Count);
    }

    /// <summary>Every fragment but the last is a full segment, the last holds something, and the whole is no longer than a message may be.</summary>
    private static bool FragmentFits(int index, int count, int length) =>
        index < count - 1
            ? length == WireLimits.MaxSegment
            : length is > 0 and <= WireLimits.MaxSegment && ((count - 1) * WireLimits.MaxSegment) + length <= WireLimits.MaxMessage;
}
