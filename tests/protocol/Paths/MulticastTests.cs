using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>Packets to sets of edges. docs/wire-format.md, section 6.2.</summary>
public sealed class MulticastTests
{
    [Fact]
    public void EachLinkCarriesAMessageOnceForTwoHundredEdges()
    {
        const int relays = 4;
        const int edges = 200;
        const int messages = 25;
        List<(int, int)> links = [.. Enumerable.Range(2, relays).Select(relay => (1, relay))];
        int[] all = [.. Enumerable.Range(2 + relays, edges)];
        links.AddRange(all.Select(edge => (RelayOf(edge), edge)));
        using var paths = new PathMesh(1 + relays + edges, [.. links]);
        foreach (var edge in all)
        {
            paths.Route(1, RelayOf(edge), edge);
            Index(paths, edge, edge - 6, 1, RelayOf(edge), edge);
        }

        foreach (var node in paths.Nodes)
            Assert.Equal(0, Delivered(node));
        for (var message = 0; message < messages; message++)
        {
            Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1, 2, 3], [.. all.Select(edge => edge - 6)]);
            paths.Mesh.RunFor(Duration.FromMilliseconds(5));
        }

        paths.Mesh.RunFor(Duration.FromSeconds(2));
        Assert.All(paths.Nodes.Skip(1), node => Assert.Equal(messages, Delivered(node)));
        Assert.All(all, edge => Assert.Equal(messages, paths[edge].Node.TransportCounters.PacketsReceived));
        Assert.All(paths.Nodes.Take(1 + relays), node => Assert.Equal(0, node.Node.TransportCounters.PacketsReceived));
        Assert.All(paths.Nodes, node => Assert.Equal((0, 0), (node.Node.Drops.Total, node.Node.PacketMemoryInUse)));

        static int RelayOf(int edge) => 2 + (edge % relays);
    }

    [Fact]
    public void ASetIsAPacket()
    {
        using var paths = new PathMesh(5, (1, 2), (2, 3), (2, 4), (2, 5));
        foreach (var edge in (int[])[3, 4, 5])
        {
            paths.Route(1, 2, edge);
            Index(paths, edge, edge == 5 ? 5 : 256 + edge, 1, 2, edge);
        }

        Index(paths, 2, 9, 1, 2);
        Originate(paths, ServiceClass.Bulk, MonoTime.Never, 0, [1], 5, 9);
        Originate(paths, ServiceClass.Bulk, MonoTime.Never, 1, [1], 3, 4);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(2, Delivered(paths[2]));
        Assert.All(paths.Nodes.Skip(1), node => Assert.Equal(1, node.Node.TransportCounters.PacketsReceived));
        Originate(paths, ServiceClass.Bulk, MonoTime.Never, 0, [1], 9);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(3, Delivered(paths[2]));
        Assert.Equal(2, paths[2].Node.TransportCounters.PacketsReceived);
        Assert.All(paths.Nodes, node => Assert.Equal(0, node.Node.Drops.Total));
    }

    [Fact]
    public void AnEdgeThatNobodyKnowsIsCountedAndTheOthersGetTheirs()
    {
        using var paths = new PathMesh(3, (1, 2), (1, 3));
        Index(paths, 1, 0, 1);
        Index(paths, 2, 1, 1, 2);
        Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 0, 1, 2, 3);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal((1, 0), (paths[2].Node.TransportCounters.PacketsReceived, Delivered(paths[3])));
        Assert.Equal((2, 1), (paths[1].Node.Drops[DropReason.UnknownEdge], paths[1].Node.Drops[DropReason.Looped]));
        Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1]);
        Assert.Throws<ArgumentException>(() => Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, new byte[MulticastHeader.MaxPayload + 1], 1));
    }

    /// <summary>One of two first hops stands still: it fills its queue, and the other one's edge gets everything.</summary>
    [Fact]
    public void AFullFirstHopDoesNotHoldUpAnother()
    {
        using var paths = new PathMesh(3, (1, 2), (1, 3));
        Index(paths, 2, 0, 1, 2);
        Index(paths, 3, 1, 1, 3);
        var forwarder = paths[1].Node.Multicast;
        Assert.True(forwarder.HasRoom(ServiceClass.Signal));
        var sent = 0;
        for (; sent < 1_000 && forwarder.HasRoom(ServiceClass.Signal); sent++)
            Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 0, 1);
        Assert.Equal(NodeLimits.FirstHopQueue, sent);
        paths.Cut(1, 2);
        paths.Mesh.RunFor(Duration.FromMilliseconds(100));
        for (var i = 0; i < 20; i++)
        {
            for (; forwarder.HasRoom(ServiceClass.Signal); sent++)
                Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 0, 1);
            paths.Mesh.RunFor(Duration.FromMilliseconds(100));
        }

        Assert.Equal(21 * NodeLimits.FirstHopQueue, sent);
        Assert.Equal(sent, paths[3].Node.TransportCounters.PacketsReceived);
    }

    [Theory]
    [InlineData(ServiceClass.Signal)]
    [InlineData(ServiceClass.Realtime)]
    public void TheLargestPayloadPassesBehindTheLongestHead(ServiceClass serviceClass)
    {
        using var paths = new PathMesh(3, (1, 2), (2, 3));
        paths.Route(1, 2, 3);
        Index(paths, 3, 255, 1, 2, 3);
        var deadline = serviceClass == ServiceClass.Realtime ? paths.Mesh.Now + Duration.FromSeconds(1) : MonoTime.Never;
        Originate(paths, serviceClass, deadline, 0, new byte[MulticastHeader.MaxPayload], 255);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(1, paths[3].Node.TransportCounters.PacketsReceived);
    }

    [Fact]
    public void WhatIsLateGoesNowhere()
    {
        using var paths = new PathMesh(3, (1, 2), (2, 3));
        paths.Route(1, 2, 3);
        Index(paths, 3, 7, 1, 2, 3);
        foreach (var budget in (int[])[5, 25, 45])
        {
            var deadline = paths.Mesh.Now + Duration.FromMilliseconds(budget);
            Originate(paths, ServiceClass.Realtime, deadline, 0, [1], 7);
            paths.Mesh.RunFor(Duration.FromSeconds(1));
        }

        // Two links of 10 ms each.
        Assert.Equal(2, paths[3].Node.TransportCounters.PacketsReceived);
        Assert.Equal(1, paths.Drops(DropReason.Expired));
    }

    /// <summary>A link, or the relay, dies in the middle of a flow: the rest goes another way, what the link held included.</summary>
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    public void CopiesGoAroundALinkThatDies(int a, int b)
    {
        using var paths = new PathMesh(5, (1, 2), (1, 3), (2, 3), (2, 4), (2, 5), (3, 4), (3, 5));
        foreach (var edge in (int[])[4, 5])
        {
            Index(paths, edge, edge, 1, 2, 3, edge);
            paths.Route(1, 2, edge);
            paths.Alternates([1, 3, edge]);
            paths.Alternates([2, 3, edge]);
        }

        for (var message = 0; message < 1_000; message++)
        {
            if (message == 100)
                paths.Cut(a, b);
            Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 4, 5);
            paths.Mesh.RunFor(Duration.FromMilliseconds(5));
        }

        paths.Mesh.RunFor(Duration.FromSeconds(5));

        // What had arrived when the link was cut, and was not acknowledged, comes twice.
        Assert.InRange(paths[4].Node.TransportCounters.PacketsReceived, 1_000, 1_010);
        Assert.InRange(paths[5].Node.TransportCounters.PacketsReceived, 1_000, 1_010);
        Assert.All(paths.Nodes, node => Assert.Equal(0, node.Node.PacketMemoryInUse));
    }

    /// <summary>Edges that come to the same link by another way join the copy that goes there anyway; a new route holds from the next packet on.</summary>
    [Fact]
    public void ALinkCarriesAMessageOnceAfterADetourToo()
    {
        using var paths = new PathMesh(5, (1, 2), (1, 3), (2, 4), (2, 5), (3, 4), (3, 5));
        Index(paths, 4, 4, 1, 2, 3, 4);
        Index(paths, 5, 5, 1, 2, 3, 5);
        paths.Route(1, 2, 4);
        paths.Route(1, 3, 5);
        paths.Alternates([1, 2, 5]);
        Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 4, 5);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal((1, 1), (Delivered(paths[2]), Delivered(paths[3])));

        paths.CutAndWait(1, 3);
        Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 4, 5);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal((2, 3), (Delivered(paths[2]), paths[1].Node.PathCounters.MulticastCopies));
        paths.Heal(1, 3);
        paths.Mesh.RunFor(Duration.FromSeconds(20));
        paths.Route(1, 3, 4);
        Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 4, 5);
        paths.Mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal((2, 4), (Delivered(paths[2]), paths[1].Node.PathCounters.MulticastCopies));
        Assert.Equal((3, 3), (paths[4].Node.TransportCounters.PacketsReceived, paths[5].Node.TransportCounters.PacketsReceived));
    }

    /// <summary>Two nodes whose tables name each other do not even begin; three or more end by the hop budget, without a second copy.</summary>
    [Theory]
    [InlineData(2, 2, 0, 1)]
    [InlineData(3, 8, 1, 0)]
    [InlineData(5, 8, 1, 0)]
    public void ACircleInTheTablesEnds(int length, int hops, int spent, int noLink)
    {
        // Node 1 sends to 8, which has no link; 2 to 1 + length hand the packet around.
        List<(int, int)> links = [(1, 2), .. Enumerable.Range(2, length - 1).Select(node => (node, node + 1))];
        if (length > 2)
            links.Add((1 + length, 2));
        using var paths = new PathMesh(8, [.. links]);
        Index(paths, 8, 200, [.. Enumerable.Range(1, 1 + length)]);
        paths.Route(1, 2, 8);
        for (var node = 2; node <= 1 + length; node++)
            paths.Route(node, node == 1 + length ? 2 : node + 1, 8);
        Originate(paths, ServiceClass.Signal, MonoTime.Never, 0, [1], 200);
        paths.Mesh.RunFor(Duration.FromSeconds(2));
        Assert.Equal(hops, paths.Nodes.Sum(Delivered));
        Assert.Equal((spent, noLink), (paths.Drops(DropReason.HopsSpent), paths.Drops(DropReason.NoLink)));
    }

    [Fact]
    public void LiesAreRefused()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var member = new LyingMember(mesh, node, 2);
        using var other = new LyingMember(mesh, node, 9);
        foreach (var edge in (byte[])[1, 2, 3, 9])
            Assert.True(node.Node.TrySetEdgeIndex(0, edge, new(edge)));
        Forge(member, hops: 8, origin: 3, 9);
        Assert.Equal(1, node.Node.Drops[DropReason.Looped]);
        Forge(member, hops: 8, origin: 1, 1);
        Forge(member, hops: 8, origin: 1, 2);
        Assert.Equal(3, node.Node.Drops[DropReason.Looped]);
        Forge(member, hops: 0, origin: 1, 9);
        Forge(member, hops: 1, origin: 1, 9);
        Assert.Equal(2, node.Node.Drops[DropReason.HopsSpent]);
        Forge(member, hops: 8, origin: 1, 77, 78);
        Assert.Equal(2, node.Node.Drops[DropReason.UnknownEdge]);
        Assert.Equal((7, 0), (node.Node.Drops.Total, node.Node.TransportCounters.PacketsReceived));
        Assert.Equal(0, node.Node.PathCounters.MulticastCopies);

        Forge(member, hops: 1, origin: 1, 3);
        Assert.Equal((7, 1), (node.Node.Drops.Total, node.Node.TransportCounters.PacketsReceived));
        Forge(member, hops: 255, origin: 1, 1, 2, 3, 9, 77);
        Assert.Equal((10, 2), (node.Node.Drops.Total, node.Node.TransportCounters.PacketsReceived));
        Assert.Equal(1, node.Node.PathCounters.MulticastCopies);
    }

    /// <summary>Tells some nodes the index of an edge.</summary>
    private static void Index(PathMesh paths, int edge, int index, params ReadOnlySpan<int> nodes)
    {
        foreach (var node in nodes)
            Assert.True(paths[node].Node.TrySetEdgeIndex((byte)(index >> 8), (byte)index, new((ushort)edge)));
    }

    /// <summary>Node 1 sends a packet to edges by their bits in a set.</summary>
    private static void Originate(PathMesh paths, ServiceClass serviceClass, MonoTime deadline, byte set, byte[] payload, params ReadOnlySpan<int> edges)
    {
        Span<byte> bits = stackalloc byte[MulticastHeader.MaxBits];
        bits.Clear();
        foreach (var edge in edges)
            bits[edge >> 3] |= (byte)(1 << (edge & 7));
        paths[1].Node.Multicast.Originate(paths.Mesh.Now, serviceClass, 3, deadline, set, bits, payload);
    }

    /// <summary>Path packets that came over a node's links.</summary>
    private static long Delivered(MeshNode node) => node.Node.InspectLinks().Sum(link => link.Counters.PacketsDelivered);

    private static void Forge(LyingMember member, byte hops, ushort origin, params ReadOnlySpan<byte> edges)
    {
        Span<byte> bits = stackalloc byte[MulticastHeader.MaxBits];
        bits.Clear();
        foreach (var edge in edges)
            bits[edge >> 3] |= (byte)(1 << (edge & 7));
        var packet = new byte[100];
        var length = MulticastHeader.Write(packet, ServiceClass.Signal, 0, hops, new(origin), 0, bits);
        member.SayPacket(ServiceClass.Signal, packet.AsSpan(0, length + 20));
    }
}
