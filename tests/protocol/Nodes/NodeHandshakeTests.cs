using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>How links between members come about, whatever the wire loses and whoever begins. docs/wire-format.md, section 3.</summary>
public sealed class NodeHandshakeTests
{
    [Fact]
    public void A_node_that_knows_many_calls_each_of_them_at_once()
    {
        const int Many = 3 * NodeLimits.MaxOutbox;
        using var mesh = new NodeMesh();
        var node = mesh.Add(1);
        for (var id = 2; id < 2 + Many; id++)
        {
            using var key = NodeMesh.KeyOf(id);
            Assert.True(node.Node.TryAddPeer(mesh.Now, new((ushort)id), key.PublicKey, NodeMesh.AddressOf(id)));
        }

        mesh.RunFor(Duration.FromMilliseconds(100));
        Assert.Equal(Many, mesh.Recorded.Select(datagram => datagram.To).Distinct().Count());
        Assert.Equal(Many, mesh.Recorded.Count);
    }

    [Fact]
    public void OneRoundTripMakesALink()
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(25) };
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b);
        var start = mesh.Now;

        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => a.Ups(b.Id) == 1));
        Assert.Equal(Duration.FromMilliseconds(50), mesh.Now - start);
        Assert.Equal(0, b.Ups(a.Id));
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => b.Ups(a.Id) == 1));
        Assert.Equal(Duration.FromMilliseconds(75), mesh.Now - start);
        Assert.Equal(
            [MeshDatagram.NodeInitiation, MeshDatagram.NodeResponse],
            mesh.Recorded.Where(datagram => datagram.IsHandshake).Select(datagram => datagram.Type));
        Assert.True(mesh.Recorded[1].Bytes.Length <= mesh.Recorded[0].Bytes.Length);
        Assert.Equal(Duration.FromMilliseconds(50), a.LinkTo(b)!.Value.MinRtt);
    }

    [Theory]
    [InlineData(MeshDatagram.NodeInitiation, 1)]
    [InlineData(MeshDatagram.NodeInitiation, 4)]
    [InlineData(MeshDatagram.NodeResponse, 1)]
    [InlineData(MeshDatagram.NodeResponse, 4)]
    [InlineData(MeshDatagram.NodeResponse, 7)]
    [InlineData(0x40, 3)]
    public void WhatIsLostIsSentAgain(byte type, int losses)
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Tap = datagram => datagram.Type == type && losses-- > 0 ? null : datagram;
        mesh.Introduce(a, b);

        Assert.True(mesh.RunUntil(Duration.FromSeconds(30), () => a.Ups(b.Id) > 0 && b.Ups(a.Id) > 0), $"No link at {mesh.Now}.");
        mesh.RunFor(Duration.FromSeconds(5));
        AssertOneLinkEach(mesh, a, b);
    }

    [Fact]
    public void ARetransmittedInitiationIsTheSameAndGetsTheSameAnswer()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        var lost = 3;
        mesh.Tap = datagram => datagram.Type == MeshDatagram.NodeResponse && lost-- > 0 ? null : datagram;
        mesh.Introduce(a, b);
        mesh.RunFor(Duration.FromSeconds(4));

        Assert.Single(mesh.Recorded.Where(d => d.Type == MeshDatagram.NodeInitiation).Select(d => Convert.ToHexString(d.Bytes)).Distinct(StringComparer.Ordinal));
        Assert.Single(mesh.Recorded.Where(d => d.Type == MeshDatagram.NodeResponse).Select(d => Convert.ToHexString(d.Bytes)).Distinct(StringComparer.Ordinal));
        Assert.Equal(4, mesh.Recorded.Count(d => d.Type == MeshDatagram.NodeResponse));
        AssertOneLinkEach(mesh, a, b);
    }

    /// <summary>Also over paths so long that both have given up insisting before they hear of each other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(600)]
    [InlineData(1_200)]
    [InlineData(1_400)]
    public void WhenBothBeginAtOnceOneLinkRemainsAndBothUseIt(int oneWayMilliseconds)
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(oneWayMilliseconds) };
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b, aDials: true, bDials: true);
        var start = mesh.Now;

        Assert.True(mesh.RunUntil(Duration.FromSeconds(60), () => a.Ups(b.Id) > 0 && b.Ups(a.Id) > 0), $"No link at {mesh.Now}.");
        Assert.Equal(mesh.Delay * 3, mesh.Now - start);
        mesh.RunFor(Duration.FromSeconds(60));
        Assert.Equal(0, a.Downs(b.Id) + b.Downs(a.Id));
        AssertOneLinkEach(mesh, a, b);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(499)]
    [InlineData(990)]
    public void WhenOneBeginsALittleLaterOneLinkRemains(int laterMilliseconds)
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(100) };
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, a.Address);
        mesh.RunFor(Duration.FromMilliseconds(laterMilliseconds));
        a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);

        Assert.True(mesh.RunUntil(Duration.FromSeconds(20), () => a.Ups(b.Id) > 0 && b.Ups(a.Id) > 0), $"No link at {mesh.Now}.");
        mesh.RunFor(Duration.FromSeconds(30));
        AssertOneLinkEach(mesh, a, b);
    }

    /// <summary>What either had begun long ago may be on its way when the other begins: no answer is to find that nobody wants it any more.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    public void WhenOneHasCalledInVainForLongTheOtherSLinkStandsSoon(int oneWayMilliseconds)
    {
        for (var later = 1_000; later < 3_000; later += 37)
        {
            using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(oneWayMilliseconds), Tap = _ => null };
            var (a, b) = (mesh.Add(1), mesh.Add(2));
            a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);
            mesh.RunFor(Duration.FromMilliseconds(later));
            mesh.Tap = null;
            b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, a.Address);

            Assert.True(mesh.RunUntil(mesh.Delay * 5, () => a.Ups(b.Id) > 0 && b.Ups(a.Id) > 0), $"No link at {mesh.Now} when the other began {later} ms later.");
            mesh.RunFor(Duration.FromSeconds(30));
            Assert.Equal(0, a.Downs(b.Id) + b.Downs(a.Id));
            AssertOneLinkEach(mesh, a, b);
        }
    }

    [Theory]
    [InlineData(true, 0.9, 1.1)]
    [InlineData(false, 4.5, 5.5)]
    public void AMemberThatPacketsWaitForIsCalledAtASteadyPace(bool isWanted, double least, double most)
    {
        using var mesh = new NodeMesh { Tap = _ => null };
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);
        Assert.Equal(OpenResult.Opened, a.Node.OpenStream(b.Id, ServiceClass.Signal, 0, out var flow));
        if (isWanted)
            Assert.Equal(SendResult.Accepted, a.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(1), out _));
        mesh.RunFor(Duration.FromSeconds(120));

        var calls = mesh.Recorded.Select(datagram => datagram.SentAt).Where(at => at > mesh.Now - Duration.FromSeconds(60)).ToList();
        Assert.All(calls.Zip(calls.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).Seconds, least, most));
    }

    /// <summary>Though it has come to call every few seconds only, and insists on its own call.</summary>
    [Fact]
    public void WhoHearsThatTheOtherCallsCallsAgainSoon()
    {
        using var mesh = new NodeMesh { Tap = _ => null };
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(60), () => mesh.Recorded.DistinctBy(d => Convert.ToHexString(d.Bytes), StringComparer.Ordinal).Count() == 4));
        mesh.Tap = null;
        var (start, sent) = (mesh.Now, a.DatagramsSent);
        b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, a.Address);

        Assert.True(mesh.RunUntil(Duration.FromSeconds(10), () => a.DatagramsSent > sent));
        Assert.True(mesh.Now - start <= NodeLimits.InitiationRetry, $"It called again after {mesh.Now - start}.");
        Assert.Equal(1, a.Node.Drops[DropReason.HandshakeCrossed]);
        Assert.True(mesh.RunUntil(mesh.Delay * 3, () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ALaterLifeOfThePeerReplacesTheLink(bool restartedDials)
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b, aDials: true, bDials: true);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1));

        b = mesh.Restart(b, epoch: 2);
        b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, restartedDials ? a.Address : NetAddress.None);
        var restarted = mesh.Now;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(40), () => b.Ups(a.Id) == 1));
        Assert.True(mesh.Now - restarted < Duration.FromSeconds(restartedDials ? 0.1 : 16), $"It took {mesh.Now - restarted}.");
        mesh.RunFor(Duration.FromSeconds(5));
        AssertOneLinkEach(mesh, a, b);
    }

    [Fact]
    public void AnEarlierLifeIsRefused()
    {
        using var mesh = new NodeMesh();
        var a = mesh.Add(1, epoch: 5);
        var b = mesh.Add(2);
        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => b.Ups(a.Id) == 1));
        a = mesh.Restart(a, epoch: 4);
        a.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);
        mesh.RunFor(Duration.FromSeconds(2));

        Assert.Equal(0, a.Ups(b.Id));
        Assert.Equal(1, b.Ups(a.Id));
        Assert.True(b.Node.Drops[DropReason.HandshakeReplayed] > 0);
        Assert.DoesNotContain(mesh.Recorded, d => d.Type == MeshDatagram.NodeResponse && d.SentAt > mesh.Now - Duration.FromSeconds(2));
    }

    [Fact]
    public void AnOlderInitiationOfTheSameLifeIsRefused()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Tap = datagram => datagram.Type == MeshDatagram.NodeInitiation ? null : datagram;
        mesh.Introduce(a, b);
        mesh.RunFor(Duration.FromSeconds(20));
        mesh.Tap = null;
        Assert.True(mesh.RunUntil(Duration.FromSeconds(20), () => b.Ups(a.Id) == 1));
        mesh.RunFor(Duration.FromSeconds(1));

        var initiations = mesh.Recorded.Where(d => d.Type == MeshDatagram.NodeInitiation).DistinctBy(d => Convert.ToHexString(d.Bytes), StringComparer.Ordinal).ToList();
        Assert.True(initiations.Count >= 2);
        foreach (var initiation in initiations)
            Assert.Empty(mesh.Answers(a.Address, b, initiation.Bytes));
        Assert.Equal(initiations.Count, b.Node.Drops[DropReason.HandshakeReplayed]);
        AssertOneLinkEach(mesh, a, b);
    }

    [Fact]
    public void AReplayedInitiationIsAnsweredAlikeWhilePendingAndNotAtAllAfter()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => mesh.Recorded.Count == 2));
        var initiation = mesh.Recorded[0].Bytes;
        var response = mesh.Recorded[1].Bytes;
        var elsewhere = NodeMesh.AddressOf(77);

        for (var copy = 0; copy < 5; copy++)
            Assert.Equal(response, Assert.Single(mesh.Answers(elsewhere, b, initiation)));
        Assert.Equal(1, b.Node.LinkCount);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => b.Ups(a.Id) == 1));
        mesh.RunFor(Duration.FromSeconds(1));
        var sent = b.DatagramsSent;
        Assert.Empty(mesh.Answers(elsewhere, b, initiation));
        Assert.Empty(mesh.Answers(elsewhere, a, response));
        mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(sent, b.DatagramsSent);
        Assert.Equal(a.Address, b.LinkTo(a)!.Value.Address);
        AssertOneLinkEach(mesh, a, b);
    }

    /// <summary>A recording of an earlier life's handshake, played to a node that has forgotten it, costs it a moment and no link.</summary>
    [Fact]
    public void ARecordingPlayedToARestartedNodeMakesNoLink()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => b.Ups(a.Id) == 1));
        var recording = mesh.Recorded.Select(datagram => datagram.Bytes).ToList();
        a.IsGone = true;
        b = mesh.Restart(b, epoch: 2);
        b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, NetAddress.None);
        foreach (var datagram in recording)
            mesh.Inject(a.Address, b, datagram);

        Assert.Equal(0, b.Ups(a.Id));
        Assert.Equal(1, b.Node.LinkCount);
        mesh.RunFor(NodeLimits.PendingLinkTimeout + Duration.FromSeconds(1));
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(0, b.Ups(a.Id));
    }

    private static void AssertOneLinkEach(NodeMesh mesh, MeshNode a, MeshNode b)
    {
        Assert.Equal(1, a.Node.LinkCount);
        Assert.Equal(1, b.Node.LinkCount);
        NodeTraffic.AssertSignalPasses(mesh, a, b);
        NodeTraffic.AssertSignalPasses(mesh, b, a);
    }
}
