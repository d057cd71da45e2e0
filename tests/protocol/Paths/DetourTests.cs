using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>Local repair around links that are dead. docs/wire-format.md, section 6.1.</summary>
public sealed class DetourTests
{
    private static readonly (int, int)[] Diamond = [(1, 2), (1, 3), (2, 4), (3, 4), (2, 3)];

    [Fact]
    public void WaysThatNoPacketCanCarryAreRefused()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(1).Node;
        var good = PathMesh.Way(1, 2, 9);
        Assert.True(node.TrySetAlternates(new(9), good, PathMesh.Way(1, 9), PathMesh.Way(1, 3, 9), PathMesh.Way(1, 2, 3, 4, 5, 6, 7, 9)));
        Assert.True(node.TrySetAlternates(new(9)));
        Assert.False(node.TrySetAlternates(NodeId.None));
        Assert.False(node.TrySetAlternates(new(1)));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(1, 2)));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(2, 9)));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(9)));
        Assert.False(node.TrySetAlternates(new(9), good, []));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(1, 2, 2, 9)));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(1, 2, 1, 9)));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(1, 0, 9)));
        Assert.False(node.TrySetAlternates(new(9), good, PathMesh.Way(1, 2, 3, 4, 5, 6, 7, 8, 9)));
        Assert.False(node.TrySetAlternates(new(9), good, good, good, good, good));
    }

    [Fact]
    public void TheOriginGoesAroundItsFirstHop()
    {
        using var paths = new PathMesh(4, Diamond);
        paths.Route(1, 2, 4);
        paths.Route(4, 3, 1);
        paths.CutAndWait(1, 2);
        Assert.Equal(OpenResult.Opened, paths[1].Node.OpenStream(new(4), ServiceClass.Signal, 0, out var flow));
        paths[1].Node.Send(paths.Mesh.Now, flow, [1], out _);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Empty(paths[4].Received);

        paths.Alternates([1, 2, 3, 4], [1, 3, 4]);
        paths.Mesh.RunFor(Duration.FromSeconds(10));
        Assert.Single(paths[4].Received);
        NodeTraffic.AssertSignalPasses(paths.Mesh, paths[1], paths[4], count: 100);
    }

    [Fact]
    public void ARelayGoesAroundItsNextHop()
    {
        using var paths = new PathMesh(4, Diamond);
        paths.Route(1, 2, 4);
        paths.Route(4, 2, 1);
        paths.Alternates([2, 3, 4]);
        paths.Alternates([4, 3, 1]);
        paths.CutAndWait(2, 4);
        NodeTraffic.AssertSignalPasses(paths.Mesh, paths[1], paths[4], count: 200);
        Assert.Equal(0, paths.Drops(DropReason.NoLink));
        paths.Heal(2, 4);
        NodeTraffic.AssertSignalPasses(paths.Mesh, paths[1], paths[4], count: 200);
    }

    /// <summary>A relay has ways for its own packets, and takes them for others' too.</summary>
    [Fact]
    public void ARelaysOwnRouteIsADetourAsWell()
    {
        using var paths = new PathMesh(4, Diamond);
        paths.Route(1, 2, 4);
        paths.Route(4, 3, 1);
        paths.Route(2, 3, 4);
        paths.CutAndWait(2, 4);
        NodeTraffic.AssertSignalPasses(paths.Mesh, paths[1], paths[4], count: 50);
    }

    /// <summary>Nothing is longer than a full segment behind the longest head, of either form; it makes two detours and ends in 8 nodes.</summary>
    [Fact]
    public void TheLargestPacketSurvivesTwoDetours()
    {
        using var paths = new PathMesh(8, (1, 2), (2, 3), (3, 8), (2, 4), (4, 5), (5, 8), (5, 6), (6, 7), (7, 8));
        paths.Route(1, 2, 3, 8);
        paths.Route(8, 7, 6, 5, 4, 2, 1);
        paths.Alternates([2, 4, 5, 8]);
        paths.Alternates([5, 6, 7, 8]);
        paths.CutAndWait(2, 3);
        paths.CutAndWait(5, 8);
        var (from, to) = (paths[1].Node, paths[8]);
        Assert.Equal(OpenResult.Opened, from.OpenStream(to.Id, ServiceClass.Bulk, 0, out var bulk));
        Assert.Equal(OpenResult.Opened, from.OpenRealtime(to.Id, 0, Duration.FromSeconds(1), out var realtime));
        for (var number = 0; number < 20; number++)
        {
            from.Send(paths.Mesh.Now, bulk, NodeTraffic.Numbered(number, WireLimits.MaxSegment), out _);
            from.Send(paths.Mesh.Now, realtime, NodeTraffic.Numbered(number, WireLimits.MaxSegment), out _);
        }

        paths.Mesh.RunFor(Duration.FromSeconds(2));
        Assert.Equal(40, to.Received.Count);
        Assert.All(to.Received, message => Assert.Equal(NodeTraffic.Numbered(NodeTraffic.NumberOf(message), WireLimits.MaxSegment), message.Payload));
        Assert.Equal(0, paths.Drops(DropReason.DetoursSpent) + paths.Drops(DropReason.NoLink));
        Assert.True(paths.Mesh.RunUntil(Duration.FromSeconds(20), () => paths.Nodes.Sum(node => node.Node.PacketMemoryInUse) == 0), paths.Describe());
    }

    [Fact]
    public void ADetourIsWrittenIntoThePacket()
    {
        var way = PathMesh.Way(3, 5, 6, 7, 8, 9, 4);
        FailedLink[] failed = [new(new(2), new(8)), new(new(3), new(4))];
        foreach (var serviceClass in (ServiceClass[])[ServiceClass.Signal, ServiceClass.Realtime])
        {
            var buffer = new byte[WireLimits.MaxPathPacket];
            var length = PathHeader.Write(buffer, serviceClass, 6, 11, PathMesh.Way(2, 3, 4), failed.AsSpan(0, 1));
            if (serviceClass == ServiceClass.Realtime)
                PathHeader.WriteDeadline(buffer, 77);
            PathHeader.Advance(buffer);
            PathHeader.Mark(buffer);
            var payload = NodeTraffic.Numbered(5, TransportLimits.MaxPacket);
            payload.CopyTo(buffer, length);
            length = PathHeader.Reroute(buffer, length + payload.Length, serviceClass, way, failed);

            Assert.True(PathHeader.TryRead(buffer.AsSpan(0, length), serviceClass, out var header));
            Assert.Equal((8, 2, 2), (header.NodeCount, header.Place, header.FailedCount));
            Assert.Equal((6, 10, true), (header.Priority, header.Hops, header.Marked));
            Assert.Equal(serviceClass == ServiceClass.Realtime ? 77u : 0, header.Deadline);
            for (var i = 0; i < way.Length; i++)
                Assert.Equal(way[i], header.Node(i + 1));
            Assert.Equal(new NodeId(2), header.Origin);
            Assert.Equal((failed[0], failed[1]), (header.FailedLink(0), header.FailedLink(1)));
            Assert.Equal(payload, header.Payload.ToArray());
        }
    }

    [Fact]
    public void AThirdFailureEndsAPacket()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        using var other = new LyingMember(mesh, node, 9);
        Assert.True(node.Node.TrySetAlternates(new(5), PathMesh.Way(3, 9, 5)));

        Forge(member, [(7, 8)], 2, 3, 4, 5);
        Assert.Equal((0, 1), (node.Node.Drops.Total, OnLinks(node)));
        Forge(member, [(7, 8), (8, 7)], 2, 3, 4, 5);
        Assert.Equal(1, node.Node.Drops[DropReason.DetoursSpent]);
        Assert.Equal((1, 1), (node.Node.Drops.Total, OnLinks(node)));
    }

    /// <summary>Neither as the next hop nor in a detour, in neither direction.</summary>
    [Fact]
    public void ALinkThatAPacketListsIsNotUsedForIt()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        using var other = new LyingMember(mesh, node, 9);

        Forge(member, [(9, 3)], 2, 3, 9);
        Forge(member, [(3, 9)], 2, 3, 9);
        Assert.Equal(2, node.Node.Drops[DropReason.NoLink]);
        Assert.True(node.Node.TrySetAlternates(new(5), PathMesh.Way(3, 9, 8, 5)));
        Forge(member, [(8, 9)], 2, 3, 4, 5);
        Assert.Equal(3, node.Node.Drops[DropReason.NoLink]);
        Assert.Equal(0, OnLinks(node));
        Forge(member, [(7, 9)], 2, 3, 4, 5);
        Assert.Equal(1, OnLinks(node));
    }

    /// <summary>Not even back the way it came, which would be a circle.</summary>
    [Fact]
    public void ADetourPassesNoNodeTwice()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        using var other = new LyingMember(mesh, node, 9);
        Assert.True(node.Node.TrySetAlternates(new(5), PathMesh.Way(3, 2, 5), PathMesh.Way(3, 9, 2, 5), PathMesh.Way(3, 9, 1, 5), PathMesh.Way(3, 9, 6, 7, 8, 5)));
        Forge(member, [], 1, 2, 3, 4, 5);
        Assert.Equal(0, node.Node.Drops.Total);
        Forge(member, [], 6, 1, 2, 3, 4, 5);
        Assert.Equal(1, node.Node.Drops[DropReason.NoLink]);
    }

    /// <summary>A packet that nobody honest sends: it fits as it is, and not behind a longer head.</summary>
    [Fact]
    public void APacketWithoutRoomForADetourGoesNowhere()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        using var other = new LyingMember(mesh, node, 9);
        Assert.True(node.Node.TrySetAlternates(new(5), PathMesh.Way(3, 9, 5)));
        var packet = new byte[WireLimits.MaxPathPacket];
        PathHeader.Write(packet, ServiceClass.Signal, 0, 9, PathMesh.Way(2, 3, 5));
        member.SayPacket(ServiceClass.Signal, packet);
        Assert.Equal(1, node.Node.Drops[DropReason.DetoursSpent]);
        member.SayPacket(ServiceClass.Signal, packet.AsSpan(0, TransportLimits.MaxPacket));
        Assert.Equal(1, node.Node.Drops.Total);
    }

    /// <summary>Packets that a node has put on links and that nobody has acknowledged.</summary>
    private static long OnLinks(MeshNode node) => node.Node.PacketMemoryInUse / PacketPool.SmallCapacity;

    /// <summary>Has a member, the node just before 3 in the route, send a packet.</summary>
    private static void Forge(LyingMember member, (int From, int To)[] failed, params int[] route)
    {
        var packet = new byte[200];
        FailedLink[] links = [.. failed.Select(link => new FailedLink(new((ushort)link.From), new((ushort)link.To)))];
        var length = PathHeader.Write(packet, ServiceClass.Signal, 0, 9, PathMesh.Way(route), links);
        packet[2] = (byte)((packet[2] & ~7) | Array.IndexOf(route, 3));
        member.SayPacket(ServiceClass.Signal, packet.AsSpan(0, length + 20));
    }
}
