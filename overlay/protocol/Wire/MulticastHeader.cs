using System.Numerics;
using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// The head of a multicast path packet, a set of destination edges as a bit string: docs/wire-format.md, section 6.2.
/// <code>
///   0 1 M p p p 0 0
/// +-------+----------+ - - - - - - +------------+---------+------------+---------------+---------
/// | kind  | hops (1) | deadline(4) | origin (2) | set (1) | length (1) | bits (length) | payload
/// +-------+----------+ - - - - - - +------------+---------+------------+---------------+---------
/// </code>
/// </summary>
internal readonly ref struct MulticastHeader
{
    /// <summary>Bytes of a full set: 256 edges.</summary>
    public const int MaxBits = 32;

    /// <summary>Kind, hops, deadline, origin, set, length and a full set's bits.</summary>
    public const int MaxLength = 2 + 4 + 2 + 1 + 1 + MaxBits;

    /// <summary>What a packet can carry behind the longest head.</summary>
    public const int MaxPayload = WireLimits.MaxPathPacket - MaxLength;

    private readonly ReadOnlySpan<byte> _packet;

    private MulticastHeader(ReadOnlySpan<byte> packet, uint deadline, NodeId origin, byte set, ReadOnlySpan<byte> bits, int length)
    {
        _packet = packet;
        Deadline = deadline;
        Origin = origin;
        Set = set;
        Bits = bits;
        Length = length;
    }

    public int Length { get; }

    public bool Marked => (_packet[0] & PathHeader.MarkBit) != 0;

    public byte Priority => (byte)((_packet[0] >> PathHeader.PriorityShift) & 7);

    public byte Hops => _packet[1];

    public uint Deadline { get; }

    public NodeId Origin { get; }

    public byte Set { get; }

    public ReadOnlySpan<byte> Bits { get; }

    public ReadOnlySpan<byte> Payload => _packet[Length..];

    public int DestinationCount
    {
        get
        {
            var count = 0;
            foreach (var bits in Bits)
                count += BitOperations.PopCount(bits);
            return count;
        }
    }

    /// <summary>Whether the edge with this dense index is a destination.</summary>
    public bool Contains(int edgeIndex)
    {
        var bit = edgeIndex - (256 * Set);
        return bit >= 0 && bit < 8 * Bits.Length && (Bits[bit >> 3] & (1 << (bit & 7))) != 0;
    }

    public static bool TryRead(ReadOnlySpan<byte> packet, ServiceClass serviceClass, out MulticastHeader header)
    {
        header = default;
        var reader = new WireReader(packet);
        uint deadline = 0;
        if (!reader.TryReadByte(out var kind) || kind >> PathHeader.KindShift != PathHeader.MulticastKind ||
            (kind & (PathHeader.ReservedBits | PathHeader.StrainBit)) != 0 || !reader.TryReadByte(out _) ||
            (serviceClass == ServiceClass.Realtime && !reader.TryReadUInt32(out deadline)) ||
            !reader.TryReadUInt16(out var origin) || origin == 0 || !reader.TryReadByte(out var set) ||
            !reader.TryReadByte(out var length) || length is 0 or > MaxBits || !reader.TryReadBytes(length, out var bits) || bits[^1] == 0)
            return false;
        header = new(packet, deadline, new(origin), set, bits, packet.Length - reader.Remaining);
        return true;
    }

    public static int LengthOf(ReadOnlySpan<byte> bits, ServiceClass serviceClass) =>
        MaxLength - MaxBits + bits.TrimEnd((byte)0).Length - (serviceClass == ServiceClass.Realtime ? 0 : 4);

    /// <summary>Writes a header; <paramref name="bits"/> holds at least one bit, and its trailing zero bytes are left out.</summary>
    public static int Write(
        Span<byte> packet, ServiceClass serviceClass, byte priority, byte hops, NodeId origin, byte set, ReadOnlySpan<byte> bits)
    {
        bits = bits.TrimEnd((byte)0);
        var writer = new WireWriter(packet);
        writer.WriteByte((byte)((PathHeader.MulticastKind << PathHeader.KindShift) | (priority << PathHeader.PriorityShift)));
        writer.WriteByte(hops);
        if (serviceClass == ServiceClass.Realtime)
            writer.WriteUInt32(0);
        writer.WriteUInt16(origin.Value);
        writer.WriteByte(set);
        writer.WriteByte((byte)bits.Length);
        writer.WriteBytes(bits);
        return writer.Length;
    }
}
