using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Tests.Nodes;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>A member's initiation with any payload: what it says of itself is believed only where it makes sense.</summary>
internal sealed class NodeHelloTarget : FuzzTarget
{
    public override string Name => "node-hello";

    public override int Mutations => 1_000;

    public override IReadOnlyList<string> Places => ["an answer", "a refusal"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        var hello = new byte[NodeHello.FixedBytes];
        new NodeHello(new(1), new(7), 3) { Offer = new(VersionRange.Current, 0, HandshakeCapabilities.Default.Ciphers, 123_456) }.Write(hello);
        yield return ("plain", hello);
        yield return ("extended", [.. hello, 0, 9, 0, 3, 1, 2, 3, 0, 10, 0, 0]);
    }

    public override void Run(byte[] input)
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(2);
        using var member = NodeMesh.KeyOf(1);
        node.Node.TryAddPeer(mesh.Now, new(1), member.PublicKey, NetAddress.None);
        var initiation = HandshakeForge.NodeInitiation(member, node.Key.PublicKey, input);
        var answers = mesh.Answers(NodeMesh.AddressOf(1), node, initiation);
        Reach("an answer", answers.Count > 0);
        Reach("a refusal", answers.Count == 0);
        if (answers.Count == 0)
        {
            Require(node.Node.LinkCount == 0 && node.Node.Drops.Total == 1, "An initiation without an answer left something, or was not counted.");
            return;
        }

        Require(NodeHello.TryRead(input, out var hello) && hello.Node == new NodeId(1), "Nonsense was answered.");
        Require(answers.Count == 1 && answers[0].Length <= initiation.Length && node.Node.LinkCount == 1, "One initiation gets one answer and one link.");
        var again = mesh.Answers(NodeMesh.AddressOf(1), node, initiation);
        Require(again.Count == 1 && again[0].AsSpan().SequenceEqual(answers[0]) && node.Node.LinkCount == 1, "A copy gets the same.");
    }
}
