using WeCan.Contracts;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>Splitting and sending takes nothing from the heap, on the ways of the table and around a hop that is dead.</summary>
[Collection(Alone.Name)]
public sealed class PathAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AMulticastPacketAllocatesNothing(bool goesAround)
    {
        using var mesh = new NodeMesh { IsRecording = false, Tap = _ => null };
        var node = mesh.Add(1);
        using var first = new LyingMember(mesh, node, 2);
        using var second = new LyingMember(mesh, node, 3);
        Span<byte> bits = stackalloc byte[MulticastHeader.MaxBits];
        for (var edge = 0; edge < 250; edge++)
        {
            Assert.True(node.Node.TrySetEdgeIndex(0, (byte)edge, new((ushort)(10 + edge))));
            Assert.True(node.Node.TrySetRoute(PathMesh.Way(1, goesAround ? 4 : 2 + (edge % 2), 10 + edge)));
            Assert.True(node.Node.TrySetAlternates(new((ushort)(10 + edge)), PathMesh.Way(1, 2 + (edge % 2), 10 + edge)));
            bits[edge >> 3] |= (byte)(1 << (edge & 7));
        }

        var allocated = long.MaxValue;

        // Queues fill in the first round; compiling a method anew allocates on the thread that waits for it.
        for (var attempt = 0; attempt < 5 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var packet = 0; packet < 3_000; packet++)
                node.Node.Multicast.Originate(mesh.Now, ServiceClass.Signal, 0, MonoTime.Never, 0, bits, [1, 2, 3]);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(2, node.Node.PathCounters.MulticastCopies / node.Node.PathCounters.MulticastPackets);
        Assert.Equal(0, node.Node.Drops[DropReason.NoLink]);
    }

    /// <summary>1 cannot reach 9 and goes by 2, where the packet's next hop is unknown, to 3, which may add no third detour.</summary>
    [Fact]
    public void APacketThatMakesTwoDetoursAllocatesNothing()
    {
        using var mesh = new NodeMesh();
        MeshNode[] nodes = [mesh.Add(1), mesh.Add(2), mesh.Add(3)];
        mesh.Introduce(nodes[0], nodes[1]);
        mesh.Introduce(nodes[1], nodes[2]);
        Assert.True(nodes[0].Node.TrySetRoute(PathMesh.Way(1, 9, 5)));
        Assert.True(nodes[0].Node.TrySetAlternates(new(5), PathMesh.Way(1, 2, 8, 5)));
        Assert.True(nodes[1].Node.TrySetAlternates(new(5), PathMesh.Way(2, 3, 5)));
        Assert.Equal(OpenResult.Opened, nodes[0].Node.OpenRealtime(new(5), 0, Duration.FromMilliseconds(500), out var flow));
        var now = mesh.Now;
        for (var step = 0; step < 3_000; step++)
            Step(nodes, now += Duration.FromMilliseconds(1), flow);
        var allocated = long.MaxValue;
        var before = nodes[2].Node.Drops[DropReason.DetoursSpent];
        for (var attempt = 0; attempt < 5 && allocated != 0; attempt++)
        {
            var start = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < 500; step++)
                Step(nodes, now += Duration.FromMilliseconds(1), flow);
            allocated = GC.GetAllocatedBytesForCurrentThread() - start;
        }

        Assert.Equal(0, allocated);
        Assert.True(nodes[2].Node.Drops[DropReason.DetoursSpent] - before >= 490, NodeTraffic.Describe(nodes[2]));
        Assert.True(nodes[0].Node.PathCounters.Detours >= 3_000 && nodes[1].Node.PathCounters.Detours >= 3_000);
    }

    /// <summary>One message, and a round of all nodes on a network without delay.</summary>
    private static void Step(MeshNode[] nodes, MonoTime now, FlowHandle flow)
    {
        Span<byte> buffer = stackalloc byte[WireLimits.FullDatagram];
        nodes[0].Node.Send(now, flow, [1, 2, 3, 4], out _);
        for (var round = 0; round < 2; round++)
        {
            foreach (var from in nodes)
            {
                if (from.Node.NextTimeout <= now)
                    from.Node.HandleTimeout(now);
                while (from.Node.TryPollTransmit(now, buffer, out var address, out var length))
                {
                    foreach (var to in nodes)
                    {
                        if (to.Address == address)
                            to.Node.HandleDatagram(now, from.Address, buffer[..length]);
                    }
                }
            }
        }
    }
}
