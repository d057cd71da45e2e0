using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Tests.Nodes;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>A client's initiation with any payload.</summary>
internal sealed class ClientHelloTarget : FuzzTarget
{
    public override string Name => "client-hello";

    public override int Mutations => 1_000;

    public override IReadOnlyList<string> Places => ["an answer", "a refusal"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        yield return ("good-token", Hello(NodeMesh.Tokens.Good(4)));
        yield return ("bad-token", Hello("bad"u8.ToArray()));
        yield return ("extended", [.. Hello(NodeMesh.Tokens.Good(4)), 0, 9, 0, 3, 1, 2, 3]);
    }

    public override void Run(byte[] input)
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens() });
        var initiation = HandshakeForge.ClientInitiation(node.Key.PublicKey, input);
        var answers = mesh.Answers(NodeMesh.AddressOf(98), node, initiation);
        Reach("an answer", answers.Count > 0);
        Reach("a refusal", answers.Count == 0);
        if (answers.Count == 0)
        {
            Require(node.Node.LinkCount == 0 && node.Node.Drops.Total == 1, "An initiation without an answer left something, or was not counted.");
            return;
        }

        Require(ClientHello.TryRead(input, out var hello) && new NodeMesh.Tokens().TryVerify(hello.Token, out _), "Nonsense was answered.");
        Require(answers.Count == 1 && answers[0].Length <= initiation.Length && node.Node.LinkCount == 1, "One initiation gets one answer and one link.");
        var again = mesh.Answers(NodeMesh.AddressOf(98), node, initiation);
        Require(again.Count == 1 && again[0].AsSpan().SequenceEqual(answers[0]) && node.Node.LinkCount == 1, "A copy gets the same.");
    }

    private static byte[] Hello(byte[] token)
    {
        var bytes = new byte[ClientHello.FixedBytes + token.Length];
        var hello = new ClientHello
        {
            SessionNonce = 99,
            Counter = 1,
            Offer = new(VersionRange.Current, 0, HandshakeCapabilities.Default.Ciphers, 123_456),
            Token = token,
        };
        hello.Write(bytes);
        return bytes;
    }
}
