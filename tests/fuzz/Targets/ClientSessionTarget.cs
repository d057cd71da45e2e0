using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>A client that stands connected to its edge, and a recording of all that the edge ever told it, changed or not.</summary>
internal sealed class ClientSessionTarget : FuzzTarget
{
    private static readonly NetAddress Address = NodeMesh.AddressOf(97);

    private readonly NodeMesh _mesh = new() { IsRecording = false };
    private readonly MeshNode _edge;
    private readonly ClientSession _session;
    private readonly List<byte[]> _told = [];
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly MonoTime _now;

    public ClientSessionTarget()
    {
        _edge = _mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens() });
        _mesh.Tap = datagram =>
        {
            _told.Add(datagram.Bytes);
            return null;
        };
        var options = new ClientSessionOptions { EdgeKey = _edge.Key.PublicKey, EdgeAddress = _edge.Address, Token = NodeMesh.Tokens.Good(4) };
        _session = new ClientSession(options, DeterministicRandom.FromNumber(5));
        var read = 0;
        for (var step = 0; step < 8_000; step++)
        {
            while (_session.TryPollTransmit(_mesh.Now, _buffer, out _, out var length))
                _mesh.Inject(Address, _edge, _buffer.AsSpan(0, length));
            for (; read < _told.Count; read++)
                _session.HandleDatagram(_mesh.Now, _edge.Address, _told[read]);
            _mesh.RunFor(Duration.FromMilliseconds(5));
            if (_session.GetNextTimeout(_mesh.Now) <= _mesh.Now)
                _session.HandleTimeout(_mesh.Now);
        }

        _now = _mesh.Now;
        while (_session.TryPollTransmit(_now, _buffer, out _, out _))
        {
        }

        Require(_session.State == ClientSessionState.Connected && read == _told.Count, "The client is not connected to begin with.");
    }

    public override string Name => "client-session";

    public override int Mutations => 10_000;

    public override IReadOnlyList<string> Places => ["the seal", "the replay window"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() =>
        _told.GroupBy(bytes => (bytes[0], bytes.Length)).Select(group => group.First()).Select((bytes, i) => ($"told-{bytes[0]:x2}-{i:D2}", bytes));

    public override void Run(byte[] input)
    {
        var drops = _session.Drops.Total;
        var allocated = Measure(input);

        // Compiling a method anew allocates on the thread that waits for it; what allocates by itself does so every time.
        if (allocated > 0)
            allocated = Measure(input);
        Reach("the seal", _session.Drops[DropReason.NotAuthentic] > 0);
        Reach("the replay window", _session.Drops[DropReason.Replayed] > 0);
        Require(allocated == 0, $"It allocated {allocated} bytes.");
        Require(_session.Drops.Total > drops, "The datagram vanished uncounted.");
        Require(!_session.TryPollTransmit(_now, _buffer, out _, out _), "The client answered.");
        Require(_session.State == ClientSessionState.Connected, "The client lost its link.");
    }

    public override void Dispose()
    {
        _session.Dispose();
        _mesh.Dispose();
    }

    private long Measure(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        _session.HandleDatagram(_now, NodeMesh.AddressOf(98), input);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
