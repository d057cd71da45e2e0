using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>A relay between two members, one of which sends path packets of any kind. Input: the class in a byte, then a packet.</summary>
internal sealed class PathTarget : FuzzTarget
{
    private const int InputsPerLife = 200;

    private static readonly DropReason[] Reasons =
        [DropReason.MalformedPath, DropReason.MisroutedPacket, DropReason.HopsSpent, DropReason.NoLink, DropReason.UnsupportedKind];

    private NodeMesh? _mesh;
    private MeshNode _node = null!;
    private LyingMember? _member;
    private LyingMember? _other;
    private int _inputs;

    public override string Name => "path-packet";

    public override int Mutations => 10_000;

    public override IReadOnlyList<string> Places => ["the transport", "the next hop", "every reason to refuse"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() => Traffic.PathPackets().Concat(Traffic.MulticastPackets());

    public override void Run(byte[] input)
    {
        if (_inputs++ % InputsPerLife == 0)
            Begin();
        if (input.Length is < 2 or > WireLimits.MaxPathPacket)
            return;
        var before = Fates();
        _member!.SayPacket((ServiceClass)(input[0] & 3), input.AsSpan(1));
        Reach("the transport", _node.Node.TransportCounters.PacketsReceived > 0);
        Reach("the next hop", _node.Node.PacketMemoryInUse > 0);
        Reach("every reason to refuse", Array.TrueForAll(Reasons, reason => _node.Node.Drops[reason] > 0));
        Require(Fates() > before, "A packet vanished uncounted.");
        Require(_node.Node.PacketMemoryInUse <= (long)InputsPerLife * 2_000, $"The node holds {_node.Node.PacketMemoryInUse} bytes.");
        Require(_node.Node.LinkCount == 2, $"The node has {_node.Node.LinkCount} links.");
    }

    public override void Dispose()
    {
        _member?.Dispose();
        _other?.Dispose();
        _mesh?.Dispose();
    }

    private void Begin()
    {
        Dispose();
        _mesh = new NodeMesh { IsRecording = false, Tap = _ => null };
        _node = _mesh.Add(3);
        _member = new LyingMember(_mesh, _node, 2);
        _other = new LyingMember(_mesh, _node, 9);
    }

    /// <summary>What became of packets: dropped here or above, taken, or sent on (which takes memory until it is acknowledged).</summary>
    private long Fates() => _node.Node.Drops.Total + _node.Node.TransportCounters.PacketsReceived + _node.Node.PacketMemoryInUse + _node.DatagramsSent;
}
