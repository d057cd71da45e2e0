using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>What many destinations cost: packets, memory, and time.</summary>
[Collection(Alone.Name)]
public sealed class MulticastScaleTests(ITestOutputHelper output)
{
    [Fact]
    public void AThousandEdgesGetEverythingOverALossyNet()
    {
        const int Edges = MulticastLimits.MaxDestinations;
        const int Messages = 200;
        var watch = Stopwatch.StartNew();
        var net = new TransportNet(1, Edges + 1, stride: 1);
        net.Pipe.Faults = new PipeFaults { Loss = 0.01 };
        var traffic = new MulticastTraffic(net, 1) { MaxLength = 300, Choose = MulticastSimulationTests.ToAll(net) };
        var flow = traffic.Open(ServiceClass.Signal, Messages);
        for (flow.Limit = 10; !flow.IsOver && flow.Limit < 2_000; flow.Limit += 10)
            net.RunFor(Duration.FromMilliseconds(20));
        traffic.CheckComplete("seed 1");
        Assert.Equal(0, flow.LossCount);

        // Node 0 stands in the index too, so the thousand lie in five sets: five packets a message, and the repairs.
        var counters = net.Layers[0].Counters;
        output.WriteLine($"{watch.ElapsedMilliseconds} ms, {net.MulticastPackets} multicast packets, {net.UnicastSegments} unicast, {counters.PacketsReceived} confirmations");
        Assert.InRange(net.MulticastPackets, 5 * Messages, 6 * Messages);
        Assert.InRange(net.UnicastSegments, 0, Edges * Messages * 0.01 * 1.5);
        Assert.InRange(counters.PacketsReceived, Edges, Edges * Messages / 2);
    }

    [Theory]
    [InlineData(200, 0.5, 100)]
    [InlineData(200, 0.5, 1_000)]
    [InlineData(200, 0.1, 1_000)]
    [InlineData(250, 0.02, 1_000)]
    [InlineData(256, 0.9, 1_024)]
    public void ARandomSubsetOfOneSetTakesOnePacket(int edges, double share, int length)
    {
        const int Messages = 500;
        var (layer, flow) = Open(edges);
        var random = new SimRandom(5);
        var set = new EdgeSet();
        var message = new byte[length];
        var packets = 0;
        var bytes = 0L;
        var buffer = new byte[TransportLimits.MaxTransmit];
        for (var i = 0; i < Messages; i++)
        {
            set.Clear();
            for (var edge = 0; edge < edges; edge++)
            {
                if (random.Chance(share))
                    set.Add((ushort)edge);
            }

            Assert.Equal(SendResult.Accepted, layer.SendMulticast(MonoTime.Zero, flow, set, message, out _));
            var gate = ClassGate.AllOpen;
            while (layer.TryPollTransmit(MonoTime.Zero, ref gate, buffer, out var transmit, out var sent))
            {
                Assert.NotNull(transmit.Targets);
                packets++;
                bytes += sent - length;
            }

            for (var edge = 0; edge < edges; edge++)
            {
                if (set.Contains((ushort)edge))
                    Confirm(layer, edge, (ulong)i + 1);
            }
        }

        output.WriteLine($"{edges} edges, {share:P0} of them, {length} bytes: {(double)packets / Messages:F3} packets a message, {(double)bytes / packets:F1} bytes of header");
        Assert.InRange(packets, Messages * 0.9, Messages * 1.05);
    }

    [Fact]
    public void ADestinationIsSmallAtTheOrigin()
    {
        const int Flows = 64;
        const int Edges = 256;
        var best = long.MaxValue;
        for (var attempt = 0; attempt < 5 && best > 512; attempt++)
        {
            var (layer, first) = Open(Edges);
            var set = new EdgeSet();
            for (var edge = 0; edge < Edges; edge++)
                set.Add((ushort)edge);
            Assert.Equal(SendResult.Accepted, layer.SendMulticast(MonoTime.Zero, first, set, [], out _));
            Poll(layer);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            for (var i = 1; i <= Flows; i++)
            {
                layer.OpenMulticast(ServiceClass.Signal, 0, out var flow);
                Assert.Equal(SendResult.Accepted, layer.SendMulticast(MonoTime.Zero, flow, set, [], out _));
                Poll(layer);
                ConfirmAll(layer, Edges, 1, (uint)i);
            }

            best = Math.Min(best, (GC.GetTotalMemory(forceFullCollection: true) - before) / (Flows * Edges));
            GC.KeepAlive(layer);
        }

        output.WriteLine($"{best} bytes for each destination of a flow");
        Assert.True(best <= 512, $"a destination takes {best} bytes");
    }

    private static (TransportLayer Layer, FlowHandle Flow) Open(int edges)
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        for (var edge = 0; edge < edges; edge++)
            layer.SetEdge((ushort)edge, new NodeId((ushort)(edge + 1)));
        Assert.Equal(OpenResult.Opened, layer.OpenMulticast(ServiceClass.Signal, 0, out var flow));
        return (layer, flow);
    }

    private static void Poll(TransportLayer layer)
    {
        var buffer = new byte[TransportLimits.MaxTransmit];
        var gate = ClassGate.AllOpen;
        while (layer.TryPollTransmit(MonoTime.Zero, ref gate, buffer, out _, out _))
        {
        }

        while (layer.TryPollEvent(out _))
        {
        }
    }

    private static void ConfirmAll(TransportLayer layer, int edges, ulong next, uint flow)
    {
        for (var edge = 0; edge < edges; edge++)
            Confirm(layer, edge, next, flow);
        while (layer.TryPollEvent(out _))
        {
        }
    }

    private static void Confirm(TransportLayer layer, int edge, ulong next, uint flow = 0)
    {
        var writer = new WireWriter(new byte[64]);
        MulticastConfirmEntry.WriteHead(ref writer, new BootEpoch(7), new BootEpoch(1));
        new MulticastConfirmEntry { Flow = flow, Next = next, Credit = 1_024 }.Write(ref writer, []);
        layer.HandlePacket(MonoTime.Zero, new NodeId((ushort)(edge + 1)), ServiceClass.Control, MonoTime.Never, false, writer.Written);
    }
}
