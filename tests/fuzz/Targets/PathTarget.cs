using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A relay between three members, one of which sends path packets of any kind; the relay has routes, alternates and edges of a set, and what
/// it sends to the other two is read. Input: the class in a byte, then a packet.
/// </summary>
internal sealed class PathTarget : FuzzTarget
{
    private const int InputsPerLife = 200;
    private const byte Set = 2;

    private static readonly NodeId Self = new(3);
    private static readonly NodeId Liar = new(2);

    private static readonly DropReason[] Reasons =
    [
        DropReason.MalformedPath, DropReason.MisroutedPacket, DropReason.HopsSpent, DropReason.NoLink, DropReason.DetoursSpent,
        DropReason.Looped, DropReason.UnknownEdge,
    ];

    private readonly HashSet<DropReason> _seen = [];
    private readonly List<MeshDatagram> _sent = [];
    private NodeMesh? _mesh;
    private MeshNode _node = null!;
    private LyingMember? _member;
    private LyingMember[] _others = [];
    private int _inputs;

    public override string Name => "path-packet";

    public override int Mutations => 10_000;

    public override IReadOnlyList<string> Places => ["the transport", "the next hop", "a detour", "a copy for each of two hops", "every reason to refuse"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() =>
        [.. Traffic.PathPackets(), .. Traffic.MulticastPackets(), .. Traffic.RoutesThatEndHere()];

    public override void Run(byte[] input)
    {
        if (_inputs++ % InputsPerLife == 0)
            Begin();
        if (input.Length is < 2 or > WireLimits.MaxPathPacket)
            return;
        var before = Fates();
        _member!.SayPacket((ServiceClass)(input[0] & 3), input.AsSpan(1));
        Require(Fates() > before, "A packet vanished uncounted.");
        Require(_node.Node.PacketMemoryInUse <= (long)InputsPerLife * 2_000, $"The node holds {_node.Node.PacketMemoryInUse} bytes.");
        Require(_node.Node.LinkCount == 3, $"The node has {_node.Node.LinkCount} links.");
        Reach("the transport", _node.Node.TransportCounters.PacketsReceived > 0);
        _seen.UnionWith(Reasons.Where(reason => _node.Node.Drops[reason] > 0));
        Reach("every reason to refuse", _seen.Count == Reasons.Length);
        _mesh!.RunFor(Duration.FromMilliseconds(1));
        ReadSent();
    }

    public override void Dispose()
    {
        _member?.Dispose();
        foreach (var other in _others)
            other.Dispose();
        _mesh?.Dispose();
    }

    private static NodeId[] Way(params ushort[] nodes) => [.. nodes.Select(node => new NodeId(node))];

    private void Begin()
    {
        Dispose();
        _sent.Clear();
        _mesh = new NodeMesh { IsRecording = false, Tap = Keep };
        _node = _mesh.Add(Self.Value);
        _member = new LyingMember(_mesh, _node, Liar.Value);
        _others = [new LyingMember(_mesh, _node, 9), new LyingMember(_mesh, _node, 6)];
        _node.Node.TrySetRoute(Way(3, 6, 8));
        _node.Node.TrySetAlternates(new(8), Way(3, 9, 8));
        _node.Node.TrySetAlternates(new(4), Way(3, 6, 7, 4), Way(3, 9, 5, 7, 4));
        (byte Bit, ushort Node)[] edges = [(0, 9), (1, 6), (2, 3), (3, 2), (23, 8), (24, 4), (25, 300)];
        foreach (var (bit, node) in edges)
            _node.Node.TrySetEdgeIndex(Set, bit, new(node));
    }

    private MeshDatagram? Keep(MeshDatagram datagram)
    {
        _sent.Add(datagram);
        return null;
    }

    /// <summary>The other two members read what came to them, and acknowledge it so that more comes.</summary>
    private void ReadSent()
    {
        var copies = 0;
        foreach (var other in _others)
        {
            var to = new NodeId((ushort)(other == _others[0] ? 9 : 6));
            var heard = false;
            foreach (var datagram in _sent)
            {
                var reader = new WireReader(other.Open(datagram));
                heard |= reader.Remaining > 0;
                copies += ReadFrames(ref reader, to) ? 1 : 0;
            }

            _sent.RemoveAll(datagram => datagram.To == other.Address);
            if (heard)
                other.Acknowledge();
        }

        Reach("a copy for each of two hops", copies == 2);
        _sent.RemoveAll(datagram => datagram.To == _member!.Address);
    }

    /// <summary>Whether there was a multicast packet among them. What stands before data in these links is TIME and ACK.</summary>
    private bool ReadFrames(ref WireReader reader, NodeId to)
    {
        var multicast = false;
        while (reader.TryReadByte(out var type))
        {
            if (type is >= FrameType.FirstData and <= FrameType.LastData)
            {
                if (DataFrame.TryRead(type, ref reader, out var frame) && frame.Piece == DataFrame.Whole)
                    multicast |= Read(frame.Class, frame.Content, to);
            }
            else if (type == FrameType.Time)
            {
                reader.TryReadUInt32(out _);
            }
            else if (type != FrameType.Ack || !AckFrame.TryRead(ref reader, ulong.MaxValue >> 2, out _))
            {
                return multicast;
            }
        }

        return multicast;
    }

    private bool Read(ServiceClass serviceClass, ReadOnlySpan<byte> packet, NodeId to)
    {
        if (PathHeader.KindOf(packet) == PathHeader.MulticastKind)
        {
            Require(MulticastHeader.TryRead(packet, serviceClass, out var copy), "The node sends what nobody can read.");
            Require(copy.Hops is >= 1 and < WireLimits.MaxMulticastHops, $"A copy goes on with {copy.Hops} hops.");
            Require(copy.Origin != Self && copy.Origin != to, "A copy goes back to its origin.");
            Require(copy.Set == Set && !copy.Contains((256 * Set) + 2) && !copy.Contains((256 * Set) + 3), "A copy is for this node, or for whom it came from.");
            return true;
        }

        Require(PathHeader.TryRead(packet, serviceClass, out var header), "The node sends what nobody can read.");
        Require(header.Node(header.Place) == to && header.Node(header.Place - 1) == Self, "The packet's place is not the one that it is sent to.");
        Require(header.Hops >= 1, "A packet goes on with no hop to spend.");
        Require(!header.Lists(Self, to), "A packet goes over a link that it lists as dead.");
        var isDetour = header.FailedCount > 0 && header.FailedLink(header.FailedCount - 1).From == Self;
        Reach("the next hop", !isDetour);
        Reach("a detour", isDetour && header.FailedLink(header.FailedCount - 1).To == new NodeId(77));
        return false;
    }

    /// <summary>What became of packets: dropped here or above, taken, or sent on (which takes memory until it is acknowledged).</summary>
    private long Fates() => _node.Node.Drops.Total + _node.Node.TransportCounters.PacketsReceived + _node.Node.PacketMemoryInUse + _node.DatagramsSent;
}
