using System.Buffers.Binary;
using WeCan.Contracts;

namespace WeCan.Protocol.Wire;

/// <summary>
/// The head of a unicast path packet, a source route: docs/wire-format.md, section 6.1. A value over the packet's own
/// bytes: what a relay changes on the way through (hops, place, deadline, mark, strain) it changes in place.
/// <code>
///   0 0 M p p p S 0    n n n f f P P P
/// +-------+----------+-----------------+ - - - - - - +----------------+ - - - - - - - - - - - +---------
/// | kind  | hops (1) | n, f, place (1) | deadline(4) | nodes (2 each) | failed links (4 each) | payload
/// +-------+----------+-----------------+ - - - - - - +----------------+ - - - - - - - - - - - +---------
/// </code>
/// </summary>
internal readonly ref struct PathHeader
{
    public const int KindShift = 6;
    public const int UnicastKind = 0;
    public const int MulticastKind = 1;
    public const byte MarkBit = 0x20;
    public const byte StrainBit = 0x02;
    public const byte ReservedBits = 0x01;
    public const int PriorityShift = 2;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _nodesAt;

    private PathHeader(ReadOnlySpan<byte> packet, int nodesAt, int length)
    {
        _packet = packet;
        _nodesAt = nodesAt;
        Length = length;
    }

    /// <summary>Bytes of the header; the payload follows.</summary>
    public int Length { get; }

    public bool Marked => (_packet[0] & MarkBit) != 0;

    /// <summary>A hop on the way loses runs of packets that its repair cannot bring back in time.</summary>
    public bool Strained => (_packet[0] & StrainBit) != 0;

    public byte Priority => (byte)((_packet[0] >> PriorityShift) & 7);

    public byte Hops => _packet[1];

    public int NodeCount => (_packet[2] >> 5) + 2;

    public int FailedCount => (_packet[2] >> 3) & 3;

    /// <summary>The place in the route of the node that the packet is being sent to.</summary>
    public int Place => _packet[2] & 7;

    /// <summary>µs modulo 2^32 on the sending node's link clock; 0 where the class has none.</summary>
    public uint Deadline => _nodesAt == 7 ? BinaryPrimitives.ReadUInt32BigEndian(_packet[3..]) : 0;

    public NodeId Origin => Node(0);

    public NodeId Destination => Node(NodeCount - 1);

    public bool IsAtDestination => Place == NodeCount - 1;

    public ReadOnlySpan<byte> Payload => _packet[Length..];

    public NodeId Node(int index) => new(BinaryPrimitives.ReadUInt16BigEndian(_packet[(_nodesAt + (2 * index))..]));

    public FailedLink FailedLink(int index)
    {
        var at = _packet[(_nodesAt + (2 * NodeCount) + (4 * index))..];
        return new(new(BinaryPrimitives.ReadUInt16BigEndian(at)), new(BinaryPrimitives.ReadUInt16BigEndian(at[2..])));
    }

    /// <summary>Whether the packet says that the link between the two is dead.</summary>
    public bool Lists(NodeId a, NodeId b)
    {
        for (var i = 0; i < FailedCount; i++)
        {
            if (FailedLink(i).Joins(a, b))
                return true;
        }

        return false;
    }

    /// <summary>Whether a node stands in the route before this place.</summary>
    public bool HasPassed(NodeId node, int place)
    {
        for (var i = 0; i < place; i++)
        {
            if (Node(i) == node)
                return true;
        }

        return false;
    }

    /// <summary>The kind of a path packet, which its first byte tells; -1 for none.</summary>
    public static int KindOf(ReadOnlySpan<byte> packet) => packet.IsEmpty ? -1 : packet[0] >> KindShift;

    public static bool TryRead(ReadOnlySpan<byte> packet, ServiceClass serviceClass, out PathHeader header)
    {
        header = default;
        if (packet.Length < 3 || packet[0] >> KindShift != UnicastKind || (packet[0] & ReservedBitsOf(serviceClass)) != 0)
            return false;
        var count = (packet[2] >> 5) + 2;
        var failed = (packet[2] >> 3) & 3;
        var place = packet[2] & 7;
        if (count > WireLimits.MaxRouteNodes || failed > WireLimits.MaxFailedLinks || place == 0 || place >= count)
            return false;
        var nodesAt = 3 + (serviceClass == ServiceClass.Realtime ? 4 : 0);
        var length = nodesAt + (2 * count) + (4 * failed);
        if (packet.Length < length || !NodesAreDistinct(packet.Slice(nodesAt, 2 * count)))
            return false;
        header = new(packet, nodesAt, length);
        return true;
    }

    /// <summary>The header of a packet that this node has read or written itself, and that is therefore known to be one.</summary>
    public static PathHeader Of(ReadOnlySpan<byte> packet, ServiceClass serviceClass)
    {
        var nodesAt = 3 + (serviceClass == ServiceClass.Realtime ? 4 : 0);
        return new(packet, nodesAt, nodesAt + (2 * ((packet[2] >> 5) + 2)) + (4 * ((packet[2] >> 3) & 3)));
    }

    /// <summary>What a packet of a class may not say: only Realtime has a time that repair can miss.</summary>
    private static byte ReservedBitsOf(ServiceClass serviceClass) => serviceClass == ServiceClass.Realtime ? ReservedBits : (byte)(ReservedBits | StrainBit);

    public static int LengthOf(int nodes, int failed, ServiceClass serviceClass) =>
        3 + (serviceClass == ServiceClass.Realtime ? 4 : 0) + (2 * nodes) + (4 * failed);

    /// <summary>Writes the header of a packet that starts at its origin: place 1, no mark, no deadline yet.</summary>
    public static int Write(
        Span<byte> packet, ServiceClass serviceClass, byte priority, byte hops, ReadOnlySpan<NodeId> route, ReadOnlySpan<FailedLink> failed = default)
    {
        var writer = new WireWriter(packet);
        writer.WriteByte((byte)(priority << PriorityShift));
        writer.WriteByte(hops);
        writer.WriteByte(Layout(route.Length, failed.Length, place: 1));
        if (serviceClass == ServiceClass.Realtime)
            writer.WriteUInt32(0);
        WriteNodes(ref writer, route, failed);
        return writer.Length;
    }

    /// <summary>
    /// Rewrites a packet in place at the node that stands before its present place: <paramref name="way"/>, which begins at that
    /// node, takes the place of the rest of its route, and <paramref name="failed"/> of the links that it lists. Returns its
    /// new length, for which the buffer must have room.
    /// </summary>
    public static int Reroute(Span<byte> buffer, int length, ServiceClass serviceClass, ReadOnlySpan<NodeId> way, ReadOnlySpan<FailedLink> failed)
    {
        var before = Of(buffer[..length], serviceClass);
        var passed = before.Place - 1;
        var (payloadAt, nodesAt) = (before.Length, before._nodesAt);
        var newPayloadAt = LengthOf(passed + way.Length, failed.Length, serviceClass);
        buffer[payloadAt..length].CopyTo(buffer[newPayloadAt..]);
        buffer[2] = Layout(passed + way.Length, failed.Length, passed + 1);
        var writer = new WireWriter(buffer[(nodesAt + (2 * passed))..newPayloadAt]);
        WriteNodes(ref writer, way, failed);
        return newPayloadAt + length - payloadAt;
    }

    /// <summary>Moves the packet one hop on: one hop fewer, the next place.</summary>
    public static void Advance(Span<byte> packet)
    {
        packet[1]--;
        packet[2]++;
    }

    public static void Mark(Span<byte> packet) => packet[0] |= MarkBit;

    public static void SayStrained(Span<byte> packet) => packet[0] |= StrainBit;

    /// <summary>Writes the deadline of a Realtime packet, unicast or multicast, in the sending node's link clock.</summary>
    public static void WriteDeadline(Span<byte> packet, uint microseconds)
    {
        var at = packet[0] >> KindShift == UnicastKind ? 3 : 2;
        BinaryPrimitives.WriteUInt32BigEndian(packet[at..], microseconds);
    }

    private static byte Layout(int nodes, int failed, int place) => (byte)(((nodes - 2) << 5) | (failed << 3) | place);

    private static void WriteNodes(ref WireWriter writer, ReadOnlySpan<NodeId> nodes, ReadOnlySpan<FailedLink> failed)
    {
        foreach (var node in nodes)
            writer.WriteUInt16(node.Value);
        foreach (var link in failed)
        {
            writer.WriteUInt16(link.From.Value);
            writer.WriteUInt16(link.To.Value);
        }
    }

    private static bool NodesAreDistinct(ReadOnlySpan<byte> nodes)
    {
        for (var i = 0; i < nodes.Length; i += 2)
        {
            var node = BinaryPrimitives.ReadUInt16BigEndian(nodes[i..]);
            if (node == 0)
                return false;
            for (var j = 0; j < i; j += 2)
            {
                if (BinaryPrimitives.ReadUInt16BigEndian(nodes[j..]) == node)
                    return false;
            }
        }

        return true;
    }
}
