using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>
/// A node that has called a member, and a client that has called a node, get answers that are not theirs: responses and cookie replies, changed. They
/// go on waiting for the true one.
/// </summary>
internal sealed class AnswerTarget : FuzzTarget
{
    private static readonly NetAddress Elsewhere = NodeMesh.AddressOf(98);

    private readonly NodeMesh _mesh = new();
    private readonly MeshNode _caller;
    private readonly ClientInitiator _client;
    private readonly List<byte[]> _true = [];
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];

    public AnswerTarget()
    {
        _caller = _mesh.Add(1);
        var called = _mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens() });
        _mesh.Introduce(_caller, called);
        _mesh.Tap = _ => null;
        _mesh.RunFor(Duration.FromMilliseconds(20));
        var initiation = _mesh.Recorded.Single().Bytes;
        _client = new ClientInitiator(
            called.Key.PublicKey, new(7), 1, 1, NodeMesh.Tokens.Good(5), _mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(3));
        var clientInitiation = new byte[_client.Length];
        _client.Write(clientInitiation);
        _true.AddRange(_mesh.Answers(_caller.Address, called, initiation));
        _true.AddRange(_mesh.Answers(Elsewhere, called, clientInitiation));
        for (var i = 0; i < NodeLimits.HandshakesBeforeLoad; i++)
            _mesh.Answers(Elsewhere, called, initiation);
        _true.AddRange(_mesh.Answers(_caller.Address, called, initiation));
        _true.AddRange(_mesh.Answers(Elsewhere, called, clientInitiation));
        Require(_true.Count == 4, "There are no true answers to begin with.");
    }

    public override string Name => "answers";

    public override int Mutations => 6_000;

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus() => _true.Select((bytes, i) => ($"answer-{bytes[0]:x2}-{i}", bytes));

    public override void Run(byte[] input)
    {
        if (_true.Exists(answer => answer.AsSpan().SequenceEqual(input)))
            return;
        var drops = _caller.Node.Drops.Total;
        _caller.Node.HandleDatagram(_mesh.Now, Elsewhere, input);
        Require(_caller.Node.Drops.Total == drops + 1, "The answer vanished uncounted.");
        Require(!_caller.Node.TryPollTransmit(_mesh.Now, _buffer, out _, out _), "The node answered an answer.");
        Require(_caller.Node.LinkCount == 0, "A false answer made a link.");
        Require(!_client.TryReadResponse(input, out _) && !_client.TryReadCookie(input), "The client took a false answer.");
    }

    public override void Dispose()
    {
        _client.Dispose();
        _mesh.Dispose();
    }
}
