using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>A link dies under load: what it held goes another way, and comes once and in order.</summary>
public sealed class SalvageTests
{
    private static readonly Duration Every = Duration.FromMilliseconds(5);

    /// <summary>A flow of each class through a diamond 1 – 2|3 – 4 with a rung 2 – 3, and something breaks in the middle of it.</summary>
    [Theory]
    [InlineData(1, 2, 0.0)]
    [InlineData(2, 4, 0.0)]
    [InlineData(2, 0, 0.0)]
    [InlineData(1, 2, 0.05)]
    [InlineData(2, 4, 0.05)]
    [InlineData(2, 0, 0.05)]
    public void NothingIsLostOrRepeated(int a, int b, double loss)
    {
        using var paths = Diamond();
        var random = new Random((100 * a) + b);
        paths.Loses = _ => random.NextDouble() < loss;
        var (from, to) = (paths[1].Node, paths[4]);
        Assert.Equal(OpenResult.Opened, from.OpenStream(to.Id, ServiceClass.Signal, 5, out var signal));
        Assert.Equal(OpenResult.Opened, from.OpenStream(to.Id, ServiceClass.Bulk, 0, out var bulk));
        Assert.Equal(OpenResult.Opened, from.OpenRealtime(to.Id, 5, Duration.FromMilliseconds(100), out var realtime));
        var sentAt = new List<MonoTime>();
        var (brokenAt, foundAt) = (MonoTime.Never, MonoTime.Never);
        var bulkSent = 0;
        for (var number = 0; number < 1_600; number++)
        {
            if (number == 200)
            {
                brokenAt = paths.Mesh.Now;
                if (b == 0)
                    paths.Kill(a);
                else
                    paths.Cut(a, b);
            }

            sentAt.Add(paths.Mesh.Now);
            Assert.Equal(SendResult.Accepted, from.Send(paths.Mesh.Now, signal, NodeTraffic.Numbered(number), out _));
            if (from.Send(paths.Mesh.Now, bulk, NodeTraffic.Numbered(bulkSent, 3_000), out _) == SendResult.Accepted)
                bulkSent++;
            from.Send(paths.Mesh.Now, realtime, NodeTraffic.Numbered(number), out _);
            paths.Mesh.RunFor(Every);
            if (foundAt.IsNever && (b == 0 ? paths[1].Downs(new(2)) : paths[a].Downs(new((ushort)b))) > 0)
                foundAt = paths.Mesh.Now;
        }

        Assert.True(paths.Mesh.RunUntil(Duration.FromSeconds(30), () => to.Received.Count(message => message.Class != ServiceClass.Realtime) >= 1_600 + bulkSent), paths.Describe());
        paths.Mesh.RunFor(Duration.FromSeconds(5));
        Assert.Equal(Enumerable.Range(0, 1_600), Numbers(to, ServiceClass.Signal));
        Assert.Equal(Enumerable.Range(0, bulkSent), Numbers(to, ServiceClass.Bulk));
        Assert.Equal(Numbers(to, ServiceClass.Realtime).Distinct(), Numbers(to, ServiceClass.Realtime));
        Assert.All(to.Received, message => Assert.True(message.At <= message.Deadline));

        // The slowest message waited for the link to be found dead, and then took another way.
        var slowest = to.Received.Where(message => message.Class == ServiceClass.Signal).Max(message => message.At - sentAt[NodeTraffic.NumberOf(message)]);
        TestContext.Current.TestOutputHelper?.WriteLine($"found dead after {foundAt - brokenAt}, slowest Signal message {slowest}, {to.Received.Count(m => m.Class == ServiceClass.Realtime)} Realtime");
        if (loss == 0)
            Assert.True(slowest <= (foundAt - brokenAt) + (paths.Mesh.Delay * 8), $"The slowest took {slowest}, the link was found dead after {foundAt - brokenAt}. {paths.Describe()}");
    }

    /// <summary>Acknowledgements alone are lost, so all that the dead link held had arrived: it comes a second time, and is taken once.</summary>
    [Fact]
    public void WhatComesTwiceIsTakenOnce()
    {
        using var paths = Diamond();
        var (from, to) = (paths[1].Node, paths[4]);
        Assert.Equal(OpenResult.Opened, from.OpenStream(to.Id, ServiceClass.Signal, 5, out var signal));
        Assert.Equal(OpenResult.Opened, from.OpenRealtime(to.Id, 5, Duration.FromSeconds(9), out var realtime));
        for (var number = 0; number < 1_000; number++)
        {
            if (number == 100)
                paths.Loses = datagram => datagram.From == paths[2].Address && datagram.To == paths[1].Address;
            from.Send(paths.Mesh.Now, signal, NodeTraffic.Numbered(number), out _);
            from.Send(paths.Mesh.Now, realtime, NodeTraffic.Numbered(number), out _);
            paths.Mesh.RunFor(Every);
        }

        paths.Mesh.RunFor(Duration.FromSeconds(10));
        Assert.Equal(Enumerable.Range(0, 1_000), Numbers(to, ServiceClass.Signal));
        Assert.Equal(Enumerable.Range(0, 1_000), Numbers(to, ServiceClass.Realtime).Order());
        Assert.True(to.Node.TransportCounters.Drops(TransportDrop.Duplicate) > 10, $"Only {to.Node.TransportCounters.Drops(TransportDrop.Duplicate)} came twice.");
    }

    /// <summary>A link with all that it can hold dies next to one that is nearly full: what finds no room is dropped, and counted.</summary>
    [Fact]
    public void AFullLinkTakesNoMoreThanItsQueueHolds()
    {
        using var mesh = new NodeMesh { Tap = _ => null };
        var node = mesh.Add(3);
        using var sender = new LyingMember(mesh, node, 2);
        using var first = new LyingMember(mesh, node, 4);
        using var second = new LyingMember(mesh, node, 5);
        Assert.True(node.Node.TrySetAlternates(new(9), PathMesh.Way(3, 5, 9)));
        const int count = LinkLimits.MaxQueuedPackets + 500;
        for (var packet = 0; packet < count; packet++)
        {
            Forge(sender, 2, 3, 4, 9);
            Forge(sender, 2, 3, 5, 8);
        }

        var before = node.Node.Drops[DropReason.QueueFull];
        var held = node.Node.PacketMemoryInUse;
        first.Say([FrameType.Close, (byte)CloseReason.GoingAway]);
        var dropped = node.Node.Drops[DropReason.QueueFull] - before;
        Assert.InRange(dropped, 1_900, LinkLimits.MaxQueuedPackets + 100);
        Assert.Equal(held - (dropped * PacketPool.SmallCapacity), node.Node.PacketMemoryInUse);
        Assert.Equal(0, node.Node.Drops[DropReason.LinkDied]);
        second.Say([FrameType.Close, (byte)CloseReason.GoingAway]);
        Assert.Equal(0, node.Node.PacketMemoryInUse);
    }

    /// <summary>A handshake replaced the link, as when the peer's address is new: what the old one held takes the new one.</summary>
    [Fact]
    public void ANewLinkToTheSamePeerTakesOver()
    {
        using var mesh = new NodeMesh();
        var node = mesh.Add(3);
        using var sender = new LyingMember(mesh, node, 2);
        using var other = mesh.Add(4);
        mesh.Introduce(other, node);
        mesh.RunFor(Duration.FromSeconds(1));
        var again = mesh.Restart(other, epoch: 2);
        for (var packet = 0; packet < 50; packet++)
            Forge(sender, 2, 3, 4);
        Assert.Equal(50 * PacketPool.SmallCapacity, node.Node.PacketMemoryInUse);

        Assert.True(again.Node.TryAddPeer(mesh.Now, node.Id, node.Key.PublicKey, node.Address));
        mesh.RunFor(Duration.FromSeconds(1));
        Assert.Equal(50, again.Node.TransportCounters.PacketsReceived);
        Assert.Equal(0, node.Node.PacketMemoryInUse);
        Assert.Equal(0, node.Node.Drops.Total);
    }

    private static void Forge(LyingMember sender, params int[] route)
    {
        var packet = new byte[100];
        PathHeader.Write(packet, ServiceClass.Signal, 0, 9, PathMesh.Way(route));
        sender.SayPacket(ServiceClass.Signal, packet);
    }

    private static List<int> Numbers(MeshNode node, ServiceClass serviceClass) =>
        [.. node.Received.Where(message => message.Class == serviceClass).Select(NodeTraffic.NumberOf)];

    private static PathMesh Diamond()
    {
        var paths = new PathMesh(4, (1, 2), (1, 3), (2, 4), (3, 4), (2, 3));
        paths.Route(1, 2, 4);
        paths.Route(4, 2, 1);
        paths.Alternates([1, 3, 4]);
        paths.Alternates([4, 3, 1]);
        paths.Alternates([2, 3, 4]);
        paths.Alternates([2, 3, 1]);
        return paths;
    }
}
