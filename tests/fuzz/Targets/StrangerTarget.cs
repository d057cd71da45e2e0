using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A node with a member and a client, and somebody who has recorded all their traffic and sends it again, changed or not: silence (or, under load, a
/// cookie for who knows the node's key), nothing kept, everything counted.
/// </summary>
internal sealed class StrangerTarget : FuzzTarget
{
    private const int MostTransient = 64 * 1_024;

    private static readonly NetAddress Elsewhere = NodeMesh.AddressOf(98);

    private readonly bool _isUnderLoad;
    private readonly NodeMesh _mesh = new();
    private readonly MeshNode _node;
    private readonly byte[] _macKey;
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly List<byte[]> _client = [];
    private readonly byte[] _knock;
    private readonly long _memory;
    private readonly long[] _dropsBefore;
    private MonoTime _now;

    public StrangerTarget(bool isUnderLoad)
    {
        _isUnderLoad = isUnderLoad;
        var member = _mesh.Add(1);
        _node = _mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens() });
        _macKey = HandshakeMac.KeyFor(_node.Key.PublicKey);
        _mesh.Introduce(member, _node);
        _mesh.RunFor(Duration.FromSeconds(1));
        Converse(member);
        AddClient();
        _memory = _node.Node.PacketMemoryInUse;
        _now = _mesh.Now;
        Require(_node.Node.LinkCount == 2, "The node has no member and client to begin with.");
        using var stranger = NodeMesh.KeyOf(70);
        _knock = HandshakeForge.NodeInitiation(stranger, _node.Key.PublicKey, new byte[NodeHello.FixedBytes]);
        for (var i = 0; i <= NodeLimits.HandshakesBeforeLoad; i++)
            _node.Node.HandleDatagram(_now, Elsewhere, _knock);
        while (_node.Node.TryPollTransmit(_now, _buffer, out _, out _) || _node.Node.TryPollEvent(out _))
        {
        }

        // Both kinds have met the node in both states before anything is measured.
        _now += isUnderLoad ? Duration.Zero : NodeLimits.LoadInterval;
        _dropsBefore = [.. Enum.GetValues<DropReason>().Select(reason => _node.Node.Drops[reason])];
    }

    public override string Name => _isUnderLoad ? "stranger-under-load" : "stranger";

    public override int Mutations => 6_000;

    public override IReadOnlyList<string> Places => _isUnderLoad
        ? ["a cookie", "the seal"]
        : ["the seal", "the replay window", "the membership", "the key agreement", "a copy of an initiation"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        var datagrams = _mesh.Recorded.Where(d => d.To == _node.Address || d.Type == MeshDatagram.NodeResponse).Select(d => d.Bytes).Concat(_client)
            .GroupBy(bytes => (bytes[0], bytes[0] >= 0x40 ? bytes.Length / 100 : 0));
        return datagrams.Select(group => group.First()).Select((bytes, i) => ($"datagram-{bytes[0]:x2}-{i:D2}", bytes)).Append(("no-member", _knock));
    }

    public override byte[] Mend(byte[] input)
    {
        if (input.Length > 0 && input[0] is MeshDatagram.NodeInitiation or MeshDatagram.ClientInitiation)
            HandshakeForge.WriteMac1(input, _node.Key.PublicKey);
        return input;
    }

    public override void Run(byte[] input)
    {
        _now += _isUnderLoad ? Duration.Zero : Duration.FromMilliseconds(20);
        var isKnock = input.Length > 0 && input[0] is MeshDatagram.NodeInitiation or MeshDatagram.ClientInitiation && HandshakeForge.HasMac1(input, _macKey);
        var drops = _node.Node.Drops.Total;
        var allocated = Measure(input);

        // Compiling a method anew allocates on the thread that waits for it; what allocates by itself does so every time.
        if (allocated > (isKnock ? MostTransient : 0))
            allocated = Measure(input);
        Reach("the seal", Since(DropReason.NotAuthentic) > 0);
        Reach("the replay window", Since(DropReason.Replayed) > 0);
        Reach("the membership", Since(DropReason.NotAMember) > 0);
        Reach("the key agreement", isKnock && Since(DropReason.HandshakeRefused) > 0);
        Reach("a copy of an initiation", Since(DropReason.HandshakeReplayed) > 0);
        Reach("a cookie", Since(DropReason.CookieDemanded) > 0);
        Require(allocated <= (isKnock ? MostTransient : 0), $"It allocated {allocated} bytes.");
        Require(_node.Node.Drops.Total > drops, "The datagram vanished uncounted.");
        while (_node.Node.TryPollTransmit(_now, _buffer, out var to, out var length))
        {
            Require(_isUnderLoad && isKnock && to == Elsewhere && _buffer[0] == MeshDatagram.CookieReply && length <= input.Length, $"The node answered {length} bytes.");
            isKnock = false;
        }

        Require(_node.Node.LinkCount == 2 && _node.Node.PacketMemoryInUse == _memory, $"The node keeps {_node.Node.LinkCount} links and {_node.Node.PacketMemoryInUse} bytes.");
        Require(!_node.Node.TryPollEvent(out var happened), $"Something happened: {happened}.");
    }

    public override void Dispose() => _mesh.Dispose();

    private long Since(DropReason reason) => _node.Node.Drops[reason] - _dropsBefore[(int)reason];

    private void Converse(MeshNode member)
    {
        member.Node.OpenStream(_node.Id, ServiceClass.Signal, 0, out var there);
        _node.Node.OpenStream(member.Id, ServiceClass.Bulk, 0, out var back);
        for (var i = 0; i < 5; i++)
        {
            member.Node.Send(_mesh.Now, there, new byte[300 * i], out _);
            _node.Node.Send(_mesh.Now, back, new byte[100 * i], out _);
            _mesh.RunFor(Duration.FromMilliseconds(50));
        }

        _mesh.RunFor(Duration.FromSeconds(6));
    }

    private void AddClient()
    {
        using var client = new ClientInitiator(
            _node.Key.PublicKey, new(7), 1, 1, NodeMesh.Tokens.Good(5), _mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(3));
        var bytes = new byte[client.Length];
        client.Write(bytes);
        _client.Add(bytes);
        var response = _mesh.Answers(NodeMesh.AddressOf(97), _node, bytes).Single();
        _client.Add(response);
        Require(client.TryReadResponse(response, out var result), "The client was not answered.");
        var (seal, open) = result!.Secrets.TakeKeys();
        var ping = new byte[SealedHeader.MinDatagram + 1];
        SealedHeader.Write(ping, 0, result.PeerLink, 0);
        ping[SealedHeader.Length] = FrameType.Ping;
        seal.Seal(0, ping.AsSpan(0, SealedHeader.Length), ping.AsSpan(SealedHeader.Length, 1), ping.AsSpan(SealedHeader.Length));
        _mesh.Answers(NodeMesh.AddressOf(97), _node, ping);
        _client.Add(ping);
        seal.Dispose();
        open.Dispose();
        result.Dispose();
    }

    private long Measure(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _node.Node.HandleDatagram(_now, Elsewhere, input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
