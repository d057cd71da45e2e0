using WeCan.Contracts;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Several routes to one destination, told apart by their tokens.</summary>
public sealed class NodeRouteTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    public void AFlowTakesTheRouteThatItsTokenNames(int token, int relay)
    {
        using var mesh = new NodeMesh();
        var square = new Square(mesh);
        var other = square.RelayOf(1 - token);
        Assert.Equal(OpenResult.Opened, square.A.Node.OpenStream(square.D.Id, ServiceClass.Bulk, 0, out var flow, token));
        for (var i = 0; i < 60; i++)
            Assert.Equal(SendResult.Accepted, square.A.Node.Send(mesh.Now, flow, new byte[1_200], out _));
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => square.D.Received.Count == 60));
        Assert.Equal(relay, square.RelayOf(token).Id.Value);
        Assert.True(mesh.Recorded.Count(datagram => datagram.From == square.RelayOf(token).Address && datagram.Bytes.Length > 1_000) >= 60);
        Assert.True(mesh.Recorded.Count(datagram => datagram.From == other.Address && datagram.Bytes.Length > 1_000) < 10);
    }

    /// <summary>Both ways: the destination's confirmations are lost at the relay, so it tries its other route.</summary>
    [Fact]
    public void ARouteWhoseFirstHopIsGoneGivesWayToTheNextByRank()
    {
        using var mesh = new NodeMesh();
        var square = new Square(mesh);
        square.A.Node.RemovePeer(mesh.Now, square.B.Id);
        NodeTraffic.AssertSignalPasses(mesh, square.A, square.D, count: 50);
    }

    /// <summary>The far half of the primary route dies: no link of the origin's shows it, its packets' reports do.</summary>
    [Fact]
    public void RealtimeLeavesARouteThatDiedFarAway()
    {
        using var mesh = new NodeMesh();
        var square = new Square(mesh);
        Assert.Equal(OpenResult.Opened, square.A.Node.OpenRealtime(square.D.Id, 5, Duration.FromMilliseconds(200), out var flow));
        void SendFor(int messages)
        {
            for (var i = 0; i < messages; i++)
            {
                Assert.Equal(SendResult.Accepted, square.A.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(i), out _));
                mesh.RunFor(Duration.FromMilliseconds(10));
            }
        }

        SendFor(200);
        Assert.False(square.A.Node.TryPollPathMove(out _));
        mesh.Tap = datagram => datagram.From == square.B.Address && datagram.To == square.D.Address ? null : datagram;
        var before = mesh.Now;
        SendFor(150);
        Assert.True(square.A.Node.TryPollPathMove(out var move));
        Assert.Equal((square.D.Id, 0, 1), (move.Destination, move.From, move.To));
        Assert.True(move.At - before <= Duration.FromSeconds(1), $"moved after {move.At - before}");
        mesh.RunFor(Duration.FromMilliseconds(100));
        var came = square.D.Received.Count;
        SendFor(100);
        mesh.RunFor(Duration.FromMilliseconds(100));
        Assert.Equal(100, square.D.Received.Count - came);
        Assert.True(square.A.Node.InspectPaths(mesh.Now, square.D.Id)[1].IsTaken);
    }

    /// <summary>A relay of one of two routes dies, and later comes back: nothing is missed, nothing comes twice, nothing waits.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void RealtimeOverTwoRoutesMissesNothingWhenARelayDies(int token)
    {
        using var mesh = new NodeMesh();
        var square = new Square(mesh);
        Assert.Equal(OpenResult.Opened, square.A.Node.OpenRealtime(square.D.Id, 5, Duration.FromMilliseconds(150), out var flow, paths: 2));
        var relay = square.RelayOf(token).Address;
        for (var i = 0; i < 400; i++)
        {
            if (i == 100)
                mesh.Tap = datagram => datagram.From == relay || datagram.To == relay ? null : datagram;
            if (i == 300)
                mesh.Tap = null;
            Assert.Equal(SendResult.Accepted, square.A.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(i), out _));
            mesh.RunFor(Duration.FromMilliseconds(10));
        }

        mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, 400), square.D.Received.Select(NodeTraffic.NumberOf).Order());
        Assert.All(square.D.Received, message => Assert.True(message.At <= message.Deadline));

        // Flows over one route, were there any, would leave the dead one and come back.
        while (square.A.Node.TryPollPathMove(out var move))
            Assert.Contains(move.Reason, new[] { PathMoveReason.Silence, PathMoveReason.Recovered });
    }

    [Fact]
    public void AClearedRouteIsNotTaken()
    {
        using var mesh = new NodeMesh();
        var square = new Square(mesh);
        square.A.Node.ClearRoute(square.D.Id, 0);
        square.A.Node.ClearRoute(square.D.Id, 3);
        NodeTraffic.AssertSignalPasses(mesh, square.A, square.D, count: 50);
        Assert.DoesNotContain(mesh.Recorded, datagram => datagram.From == square.A.Address && datagram.To == square.B.Address && datagram.Bytes.Length > 200);
        square.A.Node.ClearRoute(square.D.Id, 1);
        Assert.Equal(OpenResult.Opened, square.A.Node.OpenStream(square.D.Id, ServiceClass.Signal, 0, out var flow));
        Assert.Equal(SendResult.Accepted, square.A.Node.Send(mesh.Now, flow, [1], out _));
        var came = square.D.Received.Count;
        mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(came, square.D.Received.Count);
    }

    [Fact]
    public void TokensBeyondTheLimitAreAMistakeOfTheCaller()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(1).Node;
        Assert.True(node.TrySetRoute([new(1), new(2)], WireLimits.MaxRoutes - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.TrySetRoute([new(1), new(2)], WireLimits.MaxRoutes));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.TrySetRoute([new(1), new(2)], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.OpenStream(new(2), ServiceClass.Signal, 0, out _, WireLimits.MaxRoutes));
        Assert.Throws<ArgumentOutOfRangeException>(() => node.ClearRoute(new(2), -1));
    }

    /// <summary>A – B – D and A – C – D: two routes each way, B's the primary.</summary>
    private sealed class Square
    {
        public Square(NodeMesh mesh)
        {
            (A, B, C, D) = (mesh.Add(1), mesh.Add(2), mesh.Add(3), mesh.Add(4));
            mesh.Introduce(A, B);
            mesh.Introduce(A, C);
            mesh.Introduce(B, D);
            mesh.Introduce(C, D);
            Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => D.Ups(B.Id) == 1 && D.Ups(C.Id) == 1 && B.Ups(A.Id) == 1 && C.Ups(A.Id) == 1));
            for (var token = 0; token < 2; token++)
            {
                Assert.True(A.Node.TrySetRoute([A.Id, RelayOf(token).Id, D.Id], token));
                Assert.True(D.Node.TrySetRoute([D.Id, RelayOf(token).Id, A.Id], token));
            }

            mesh.RunFor(Duration.FromSeconds(1));
            mesh.Recorded.Clear();
        }

        public MeshNode A { get; }

        public MeshNode B { get; }

        public MeshNode C { get; }

        public MeshNode D { get; }

        public MeshNode RelayOf(int token) => token == 0 ? B : C;
    }
}
