using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>docs/wire-format.md, sections 7.5 and 7.6: what a multicast flow promises, under every harm that a pipe does.</summary>
public sealed class MulticastSimulationTests
{
    [Fact]
    public void EveryMessageOnceAndInOrderToEveryoneWhateverThePipeDoes()
    {
        for (var seed = 1UL; seed <= 150; seed++)
            Run(seed);

        static void Run(ulong seed)
        {
            var net = new MulticastNet(seed, 2 + (int)(seed % 9));
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            net.SharedLoss = net.Random.Chance(0.5) ? 0 : net.Random.Unit() * 0.2;
            var traffic = new MulticastTraffic(net, seed) { MaxLength = net.Random.Chance(0.2) ? 60_000 : 4_000 };
            traffic.Choose = net.Random.Chance(0.5) ? ToAll(net) : ToSome(net, net.Random.Unit());
            for (var flows = 1 + net.Random.Below(3); flows > 0; flows--)
                traffic.Open(net.Random.Chance(0.5) ? ServiceClass.Signal : ServiceClass.Bulk, 1 + net.Random.Below(80));
            net.RunFor(Duration.FromSeconds(900), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.True(traffic.Flows.TrueForAll(flow => flow.LossCount == 0), $"seed {seed}: a destination was lost");
            Settle(net, seed);
        }
    }

    internal static Action<MulticastTraffic.Sending, EdgeSet> ToAll(MulticastNet net) => (_, edges) =>
    {
        for (var node = 1; node < net.Layers.Length; node++)
            edges.Add(net.EdgeOf(node));
    };

    internal static Action<MulticastTraffic.Sending, EdgeSet> ToSome(MulticastNet net, double share) => (_, edges) =>
    {
        for (var node = 1; node < net.Layers.Length; node++)
        {
            if (net.Random.Chance(share))
                edges.Add(net.EdgeOf(node));
        }
    };

    /// <summary>After all flows closed and a while passed, nothing is left on either side.</summary>
    internal static void Settle(MulticastNet net, ulong seed)
    {
        net.Pipe.Faults = PipeFaults.None;
        net.RunFor(Duration.FromSeconds(400));
        foreach (var layer in net.Layers)
        {
            Assert.True(layer.SendBytes == 0, $"seed {seed}: {layer.SendBytes} send bytes are left");
            Assert.True(layer.ReceiveBytes == 0, $"seed {seed}: {layer.ReceiveBytes} receive bytes are left");
            Assert.True(layer.OutboundCount == 0, $"seed {seed}: {layer.OutboundCount} outbound flows are left");
        }
    }
}
