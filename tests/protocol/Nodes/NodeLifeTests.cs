using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>What becomes of links: new addresses, new keys, farewells, revocations, and hours of silence.</summary>
public sealed class NodeLifeTests
{
    [Fact]
    public void ANewAddressInMidFlowLosesNothing()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Pair(mesh);
        Assert.Equal(OpenResult.Opened, a.Node.OpenStream(b.Id, ServiceClass.Signal, 0, out var there));
        Assert.Equal(OpenResult.Opened, b.Node.OpenStream(a.Id, ServiceClass.Signal, 0, out var back));
        for (var number = 0; number < 300; number++)
        {
            if (number % 50 == 25)
                a.Address = NodeMesh.AddressOf(100 + number);
            Assert.Equal(SendResult.Accepted, a.Node.Send(mesh.Now, there, NodeTraffic.Numbered(number), out _));
            Assert.Equal(SendResult.Accepted, b.Node.Send(mesh.Now, back, NodeTraffic.Numbered(number), out _));
            mesh.RunFor(Duration.FromMilliseconds(3));
        }

        mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal(Enumerable.Range(0, 300), b.Received.Select(NodeTraffic.NumberOf));
        Assert.Equal(Enumerable.Range(0, 300), a.Received.Select(NodeTraffic.NumberOf));
        Assert.Equal(a.Address, b.LinkTo(a)!.Value.Address);
        Assert.Equal(1, a.Ups(b.Id));
        Assert.Equal(0, a.Downs(b.Id) + b.Downs(a.Id));
    }

    [Fact]
    public void ACopyFromElsewhereDoesNotMoveThePeer()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Pair(mesh);
        NodeTraffic.AssertSignalPasses(mesh, a, b);
        mesh.RunFor(Duration.FromSeconds(1));
        foreach (var datagram in mesh.Recorded.Where(d => d.From == a.Address && d.SentAt + mesh.Delay <= mesh.Now).ToList())
            mesh.Inject(NodeMesh.AddressOf(66), b, datagram.Bytes);
        Assert.Equal(a.Address, b.LinkTo(a)!.Value.Address);
        NodeTraffic.AssertSignalPasses(mesh, b, a);
    }

    [Fact]
    public void ARemovedPeerIsGoneOnBothSidesWithinARoundTripAndStaysOut()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Pair(mesh);
        Assert.Equal(OpenResult.Opened, b.Node.OpenStream(a.Id, ServiceClass.Signal, 0, out var flow));
        b.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(1), out _);
        mesh.RunFor(Duration.FromSeconds(1));

        b.Node.RemovePeer(mesh.Now, a.Id);
        mesh.RunFor(mesh.Delay * 2);
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(0, a.Node.LinkCount);
        Assert.Equal(CloseReason.Revoked, a.Events.Single(e => e.Kind == NodeEventKind.LinkDown).Reason);
        Assert.Contains(b.TransportEvents, e => e.Kind == TransportEventKind.FlowBroken && e.Flow == flow && e.Reason == FlowEndReason.Revoked);

        var sent = b.DatagramsSent;
        mesh.RunFor(Duration.FromSeconds(60));
        Assert.Equal(sent, b.DatagramsSent);
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(1, a.Ups(b.Id));
        Assert.True(b.Node.Drops[DropReason.NotAMember] > 5);
        foreach (var datagram in mesh.Recorded.ToList())
            Assert.Empty(mesh.Answers(a.Address, b, datagram.Bytes));
        Assert.Equal(0, b.Node.PacketMemoryInUse);
    }

    /// <summary>Also in the middle of a handshake, whichever side had begun it.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(25)]
    [InlineData(35)]
    public void APeerRemovedWhileALinkIsMadeStaysOut(int afterMilliseconds)
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b, aDials: true, bDials: afterMilliseconds % 10 == 0);
        mesh.RunFor(Duration.FromMilliseconds(afterMilliseconds));
        b.Node.RemovePeer(mesh.Now, a.Id);
        mesh.RunFor(Duration.FromSeconds(30));
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(0, a.Node.LinkCount);
        Assert.True(b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, NetAddress.None));
        Assert.True(mesh.RunUntil(Duration.FromSeconds(10), () => b.Node.LinkCount == 1 && a.Node.LinkCount == 1));
        NodeTraffic.AssertSignalPasses(mesh, a, b);
    }

    [Fact]
    public void ShutdownSaysGoodbyeOnEveryLink()
    {
        using var mesh = new NodeMesh();
        var hub = mesh.Add(9);
        var others = Enumerable.Range(1, 5).Select(id => mesh.Add(id)).ToList();
        foreach (var other in others)
            mesh.Introduce(hub, other);
        mesh.RunFor(Duration.FromSeconds(2));
        Assert.Equal(5, hub.Node.LinkCount);

        hub.Node.Shutdown();
        mesh.RunFor(mesh.Delay);
        Assert.Equal(0, hub.Node.LinkCount);
        foreach (var other in others)
            Assert.Equal(CloseReason.GoingAway, other.Events.Single(e => e.Kind == NodeEventKind.LinkDown).Reason);
        var sent = hub.DatagramsSent;
        mesh.RunFor(Duration.FromSeconds(20));
        Assert.Equal(sent, hub.DatagramsSent);
        Assert.True(hub.Node.NextTimeout.IsNever || hub.Node.NextTimeout > mesh.Now);
    }

    [Fact]
    public void KeysChangeUnderTrafficForMinutesAndNothingIsLost()
    {
        using var mesh = new NodeMesh { IsRecording = false };
        var random = new Random(4);
        var (a, b) = Pair(mesh);
        mesh.Tap = datagram => random.NextDouble() < 0.02 ? null : datagram;
        Assert.Equal(OpenResult.Opened, a.Node.OpenStream(b.Id, ServiceClass.Signal, 0, out var there));
        Assert.Equal(OpenResult.Opened, b.Node.OpenStream(a.Id, ServiceClass.Bulk, 0, out var back));
        var count = 0;
        for (; count < 3_500; count++)
        {
            Assert.Equal(SendResult.Accepted, a.Node.Send(mesh.Now, there, NodeTraffic.Numbered(count), out _));
            Assert.Equal(SendResult.Accepted, b.Node.Send(mesh.Now, back, NodeTraffic.Numbered(count, 1_000), out _));
            mesh.RunFor(Duration.FromMilliseconds(100));
        }

        mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal(Enumerable.Range(0, count), b.Received.Select(NodeTraffic.NumberOf));
        Assert.Equal(Enumerable.Range(0, count), a.Received.Select(NodeTraffic.NumberOf));
        Assert.InRange(a.LinkTo(b)!.Value.KeyGeneration, 3u, 4u);
        Assert.Equal(a.LinkTo(b)!.Value.KeyGeneration, b.LinkTo(a)!.Value.KeyGeneration);
        Assert.Equal(a.LinkTo(b)!.Value.KeyGeneration, (uint)a.LinkTo(b)!.Value.Counters.Rekeys);
        Assert.Equal(1, a.Ups(b.Id));
        Assert.Equal(0, a.Node.Drops[DropReason.NotAuthentic] + b.Node.Drops[DropReason.NotAuthentic]);
    }

    /// <summary>
    /// Every wakeup gets somewhere: an idle link costs a few wakeups and datagrams in ten seconds, and holds no memory. The flow's
    /// own sign of life, every 300 s, makes it fast for 5 s.
    /// </summary>
    [Fact]
    public void AnIdleLinkIsQuiet()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Pair(mesh);
        NodeTraffic.AssertSignalPasses(mesh, a, b);
        mesh.RunFor(Duration.FromSeconds(20));
        foreach (var node in (MeshNode[])[a, b])
            (node.Wakeups, node.DatagramsSent, node.BytesSent) = (0, 0, 0);
        mesh.RunFor(Duration.FromSeconds(1_000));

        foreach (var node in (MeshNode[])[a, b])
        {
            Assert.InRange(node.Wakeups, 50, 2_000);
            Assert.InRange(node.DatagramsSent, 100, 600);
            Assert.InRange(node.BytesSent, 1, 45_000);
            Assert.Equal(0, node.Node.PacketMemoryInUse);
        }

        Assert.Equal(1, a.Ups(b.Id));
        NodeTraffic.AssertSignalPasses(mesh, b, a);
    }

    /// <summary>A peer that never answers is called again and again, ever more rarely, and the caller sleeps between.</summary>
    [Fact]
    public void CallingNobodyIsQuietToo()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, NodeMesh.AddressOf(50));
        mesh.RunFor(Duration.FromSeconds(1_000));
        Assert.InRange(a.DatagramsSent, 180, 260);
        Assert.InRange(a.Wakeups, 180, 300);
        Assert.Equal(0, a.Node.LinkCount);
    }

    [Fact]
    public void ALinkWhosePathIsCutDiesAndComesBackByItself()
    {
        using var mesh = new NodeMesh();
        var (a, b) = Pair(mesh);
        Assert.Equal(OpenResult.Opened, a.Node.OpenStream(b.Id, ServiceClass.Signal, 0, out var flow));
        mesh.Tap = _ => null;
        for (var number = 0; number < 20; number++)
        {
            a.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(number), out _);
            mesh.RunFor(Duration.FromSeconds(1));
        }

        Assert.Equal(1, a.Downs(b.Id));
        mesh.Tap = null;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(20), () => b.Received.Count == 20));
        Assert.Equal(Enumerable.Range(0, 20), b.Received.Select(NodeTraffic.NumberOf));
        Assert.Equal(1, a.Node.LinkCount);
        Assert.Equal(1, b.Node.LinkCount);
    }

    private static (MeshNode A, MeshNode B) Pair(NodeMesh mesh)
    {
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));
        return (a, b);
    }
}
