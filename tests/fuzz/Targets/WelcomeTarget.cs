using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Tests.Nodes;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>A called member's response with any payload.</summary>
internal sealed class WelcomeTarget : FuzzTarget
{
    public override string Name => "welcome";

    public override int Mutations => 1_000;

    public override IReadOnlyList<string> Places => ["a link", "a refusal"];

    public override IEnumerable<(string Name, byte[] Bytes)> MakeCorpus()
    {
        var sentAt = MonoTime.FromSeconds(1_000).Microseconds;
        foreach (var held in (uint[])[0, 70, uint.MaxValue])
        {
            var welcome = new byte[Welcome.Bytes];
            new Welcome(new(3), new(1, CipherSuite.Aes128Gcm, 0), sentAt, -5, held).Write(welcome);
            yield return ($"held-{held}", welcome);
        }
    }

    public override void Run(byte[] input)
    {
        using var mesh = new NodeMesh { Tap = _ => null };
        var caller = mesh.Add(1);
        using var called = NodeMesh.KeyOf(2);
        caller.Node.TryAddPeer(mesh.Now, new(2), called.PublicKey, NodeMesh.AddressOf(2));
        mesh.RunFor(Duration.FromMilliseconds(1));
        var initiation = mesh.Recorded.Single().Bytes;
        mesh.Inject(NodeMesh.AddressOf(2), caller, HandshakeForge.NodeResponse(called, initiation, input));
        Reach("a link", caller.Node.LinkCount > 0);
        Reach("a refusal", caller.Node.LinkCount == 0);
        if (caller.Node.LinkCount == 0)
        {
            Require(caller.Node.Drops.Total == 1, "A refused response was not counted.");
            return;
        }

        Require(Welcome.TryRead(input, out var welcome) && HandshakeCapabilities.Default.Allow(welcome.Agreement), "Nonsense made a link.");
        mesh.RunFor(Duration.FromSeconds(20));
        Require(caller.Node.LinkCount == 0, "A link to nobody stays.");
    }
}
