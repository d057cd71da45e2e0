using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Routes, relays, and packets that lie about either. docs/wire-format.md, section 6.1.</summary>
public sealed class NodePathTests
{
    [Fact]
    public void RoutesThatNoPacketCanCarryAreRefused()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(1).Node;
        Assert.False(node.TrySetRoute(Route()));
        Assert.False(node.TrySetRoute(Route(1)));
        Assert.False(node.TrySetRoute(Route(2, 3)));
        Assert.False(node.TrySetRoute(Route(1, 1)));
        Assert.False(node.TrySetRoute(Route(1, 2, 1)));
        Assert.False(node.TrySetRoute(Route(1, 2, 3, 2)));
        Assert.False(node.TrySetRoute(Route(1, 0)));
        Assert.False(node.TrySetRoute(Route(1, 0, 2)));
        Assert.False(node.TrySetRoute(Route(1, 2, 3, 4, 5, 6, 7, 8, 9)));
        Assert.True(node.TrySetRoute(Route(1, 2)));
        Assert.True(node.TrySetRoute(Route(1, 2, 3, 4, 5, 6, 7, 8)));
    }

    [Fact]
    public void SignalPassesARelayBothWaysOnceAndInOrder()
    {
        using var mesh = new NodeMesh();
        var (a, _, c) = Line(mesh);
        NodeTraffic.AssertSignalPasses(mesh, a, c, count: 500);
        NodeTraffic.AssertSignalPasses(mesh, c, a, count: 500);
    }

    [Fact]
    public void LongMessagesPassARelayUnderLossOnceAndInOrder()
    {
        using var mesh = new NodeMesh();
        var (a, _, c) = Line(mesh);
        var random = new Random(1);
        mesh.Tap = datagram => random.NextDouble() < 0.05 ? null : datagram;
        Assert.Equal(OpenResult.Opened, a.Node.OpenStream(c.Id, ServiceClass.Bulk, 0, out var flow));
        for (var number = 0; number < 40; number++)
            Assert.Equal(SendResult.Accepted, a.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(number, 20_000), out _));

        Assert.True(mesh.RunUntil(Duration.FromSeconds(30), () => c.Received.Count >= 40), $"{c.Received.Count} came.");
        mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal(Enumerable.Range(0, 40), c.Received.Select(NodeTraffic.NumberOf));
        Assert.All(c.Received, message => Assert.Equal(NodeTraffic.Numbered(NodeTraffic.NumberOf(message), 20_000), message.Payload));
    }

    [Fact]
    public void RealtimePassesARelayInTimeAndOnce()
    {
        using var mesh = new NodeMesh();
        var (a, _, c) = Line(mesh);
        var deadline = Duration.FromMilliseconds(100);
        Assert.Equal(OpenResult.Opened, a.Node.OpenRealtime(c.Id, 7, deadline, out var flow));
        for (var number = 0; number < 200; number++)
        {
            Assert.Equal(SendResult.Accepted, a.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(number), out _));
            mesh.RunFor(Duration.FromMilliseconds(20));
        }

        mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(Enumerable.Range(0, 200), c.Received.Select(NodeTraffic.NumberOf));
        Assert.All(c.Received, message => Assert.True(message.At <= message.Deadline));
    }

    /// <summary>The relay and the destination let go what is late, and the deadline means the same on every clock.</summary>
    [Fact]
    public void RealtimeThatIsLateGoesNowhere()
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(30) };
        var (a, _, c) = Line(mesh);
        Assert.Equal(OpenResult.Opened, a.Node.OpenRealtime(c.Id, 7, Duration.FromMilliseconds(50), out var flow));
        for (var number = 0; number < 50; number++)
        {
            a.Node.Send(mesh.Now, flow, NodeTraffic.Numbered(number), out _);
            mesh.RunFor(Duration.FromMilliseconds(20));
        }

        Assert.Empty(c.Received);
    }

    [Fact]
    public void PacketsAreTakenOnlyFromThePeerThatTheirRouteNames()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        using var other = new LyingMember(mesh, node, 9);

        Forge(member, place: 2, hops: 12, 1, 9, 3);
        Forge(member, place: 1, hops: 12, 9, 3);
        Forge(member, place: 2, hops: 12, 1, 2, 4);
        Forge(member, place: 3, hops: 12, 1, 2, 4, 3);
        Forge(member, place: 1, hops: 12, 1, 2, 3);
        Assert.Equal(5, node.Node.Drops[DropReason.MisroutedPacket]);
        Assert.Equal(0, node.Node.TransportCounters.PacketsReceived);
        Forge(member, place: 2, hops: 12, 1, 2, 3);
        Assert.Equal(5, node.Node.Drops.Total);
        Assert.Equal(1, node.Node.TransportCounters.PacketsReceived);
    }

    [Fact]
    public void TheHopBudgetEnds()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        Forge(member, place: 1, hops: 1, 2, 3, 4);
        Assert.Equal(1, node.Node.Drops[DropReason.HopsSpent]);
        Forge(member, place: 1, hops: 2, 2, 3, 4);
        Assert.Equal(1, node.Node.Drops[DropReason.NoLink]);
        Forge(member, place: 1, hops: 1, 2, 3);
        Assert.Equal(1, node.Node.TransportCounters.PacketsReceived);
        Forge(member, place: 1, hops: 0, 2, 3);
        Assert.Equal(2, node.Node.Drops[DropReason.HopsSpent]);
        Assert.Equal(1, node.Node.TransportCounters.PacketsReceived);
    }

    [Fact]
    public void KindsThatNobodyForwardsAreCounted()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        byte[] packet = new byte[60];
        foreach (var kind in (byte[])[0x80, 0xC0])
        {
            packet[0] = kind;
            member.SayPacket(ServiceClass.Signal, packet);
        }

        Assert.Equal(2, node.Node.Drops[DropReason.MalformedPath]);
    }

    [Fact]
    public void AFullRouteOfEightNodesWorks()
    {
        using var mesh = new NodeMesh { Delay = Duration.FromMilliseconds(2) };
        var nodes = Enumerable.Range(1, 8).Select(id => mesh.Add(id)).ToList();
        for (var i = 0; i < 7; i++)
            mesh.Introduce(nodes[i], nodes[i + 1]);
        mesh.RunFor(Duration.FromSeconds(1));
        Assert.True(nodes[0].Node.TrySetRoute(Route(1, 2, 3, 4, 5, 6, 7, 8)));
        Assert.True(nodes[7].Node.TrySetRoute(Route(8, 7, 6, 5, 4, 3, 2, 1)));
        NodeTraffic.AssertSignalPasses(mesh, nodes[0], nodes[7], count: 100);
    }

    private static NodeId[] Route(params ushort[] nodes) => [.. nodes.Select(node => new NodeId(node))];

    /// <summary>1 – 2 – 3, with routes between the ends.</summary>
    private static (MeshNode A, MeshNode B, MeshNode C) Line(NodeMesh mesh)
    {
        var (a, b, c) = (mesh.Add(1), mesh.Add(2), mesh.Add(3));
        mesh.Introduce(a, b);
        mesh.Introduce(b, c);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(5), () => b.Ups(a.Id) == 1 && c.Ups(b.Id) == 1));
        Assert.True(a.Node.TrySetRoute(Route(1, 2, 3)));
        Assert.True(c.Node.TrySetRoute(Route(3, 2, 1)));
        mesh.RunFor(Duration.FromSeconds(1));
        return (a, b, c);
    }

    /// <summary>Has a member send a packet with this head.</summary>
    private static void Forge(LyingMember member, int place, byte hops, params ushort[] route)
    {
        var packet = new byte[64];
        var length = PathHeader.Write(packet, ServiceClass.Signal, 0, hops, Route(route));
        packet[2] = (byte)((packet[2] & ~7) | place);
        member.SayPacket(ServiceClass.Signal, packet.AsSpan(0, length + 10));
    }
}
