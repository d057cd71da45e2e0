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
            var net = new TransportNet(seed, 2 + (int)(seed % 9), stride: 37);
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

    [Fact]
    public void MessagesUpToTheLongestArriveWhole()
    {
        for (var seed = 1UL; seed <= 4; seed++)
        {
            var net = new TransportNet(seed, 5, stride: 37);
            net.Pipe.Faults = new PipeFaults { Loss = 0.02 * (seed % 3), Duplicate = 0.01, Jitter = Duration.FromMilliseconds(10) };
            var traffic = new MulticastTraffic(net, seed) { MaxLength = 1 << 20, Choose = ToSome(net, 0.8) };
            traffic.Open(ServiceClass.Bulk, 12);
            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Settle(net, seed);
        }
    }

    [Fact]
    public void ADestinationThatRestartsIsLostAndCanBeReachedAnew()
    {
        var anew = 0;
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var net = new TransportNet(seed, 5, stride: 37);
            net.Pipe.Faults = PipeFaults.Random(net.Random) with { Straggle = 0.02 };
            var traffic = new MulticastTraffic(net, seed) { Choose = ToSome(net, 0.7) };
            var flow = traffic.Open(ServiceClass.Signal, 300);
            for (var round = 1; round <= 6; round++)
            {
                flow.Limit = 50 * round;
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(3_000)));
                if (round < 6 && net.Random.Chance(0.6))
                    net.Restart(1 + net.Random.Below(4));
            }

            net.RunFor(Duration.FromSeconds(900), () => traffic.IsDone);
            Assert.True(flow.IsOver, $"seed {seed}: sent {flow.Sent}, confirmed {flow.Confirmed}");
            anew += flow.Lost.Keys.Count(node => net.Epochs[node].Value > net.FirstLives && traffic.ReceivedBy(node, flow) > 0);

            // What a straggler opened in a later life, and was not told about, goes when it was idle for long enough.
            net.RunFor(TransportLimits.StreamIdle);
            Settle(net, seed);
        }

        Assert.True(anew > 50, $"only {anew} destinations were reached anew");
    }

    [Fact]
    public void ALossThatManyShareIsRepairedByMulticast()
    {
        var net = new TransportNet(3, 61, stride: 1) { SharedLoss = 0.05 };
        var traffic = new MulticastTraffic(net, 3) { Choose = ToAll(net), MaxLength = 300 };
        var flow = traffic.Open(ServiceClass.Signal, 400);
        for (flow.Limit = 1; !flow.IsOver; flow.Limit++)
            net.RunFor(Duration.FromMilliseconds(5));
        traffic.CheckComplete("seed 3");

        // Each loss hits all sixty; by unicast alone their repairs would be sixty packets each.
        Assert.InRange(net.MulticastPackets, 410, 480);
        Assert.InRange(net.UnicastSegments, 0, 400 * 0.05 * 60 / 4);
    }

    [Fact]
    public void ALossOfOneIsRepairedToThatOne()
    {
        var net = new TransportNet(4, 41, stride: 1);
        net.Pipe.Faults = new PipeFaults { Loss = 0.02 };
        var traffic = new MulticastTraffic(net, 4) { Choose = ToAll(net), MaxLength = 300 };
        var flow = traffic.Open(ServiceClass.Signal, 500);
        for (flow.Limit = 1; !flow.IsOver; flow.Limit++)
            net.RunFor(Duration.FromMilliseconds(5));
        traffic.CheckComplete("seed 4");
        Assert.InRange(net.MulticastPackets, 500, 501);
        Assert.InRange(net.UnicastSegments, 500 * 40 * 0.02 * 0.8, 500 * 40 * 0.02 * 1.3);
    }

    internal static Action<MulticastTraffic.Sending, EdgeSet> ToAll(TransportNet net) => ToSome(net, 1);

    /// <summary>Each node with the same probability, unless it was lost for good.</summary>
    internal static Action<MulticastTraffic.Sending, EdgeSet> ToSome(TransportNet net, double share) => (flow, edges) =>
    {
        for (var node = 1; node < net.Layers.Length; node++)
        {
            if (net.Random.Chance(share) && flow.Lost.GetValueOrDefault(node, FlowEndReason.Restarted) == FlowEndReason.Restarted)
                edges.Add(net.EdgeOf(node));
        }
    };

    /// <summary>After all flows closed and a while passed, nothing is left on either side.</summary>
    internal static void Settle(TransportNet net, ulong seed)
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
