using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

public sealed class StreamSimulationTests
{
    [Fact]
    public void EveryMessageOnceAndInOrderWhateverThePipeDoes()
    {
        for (var seed = 1UL; seed <= 300; seed++)
            Run(seed);

        static void Run(ulong seed)
        {
            var net = new TransportNet(seed) { Pipe = { Faults = PipeFaults.None } };
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var traffic = new StreamTraffic(net, seed) { MaxLength = net.Random.Chance(0.2) ? 60_000 : 4_000 };
            var flows = 1 + net.Random.Below(6);
            for (var i = 0; i < flows; i++)
                traffic.Open(i & 1, 1 - (i & 1), net.Random.Chance(0.5) ? ServiceClass.Signal : ServiceClass.Bulk, 1 + net.Random.Below(60));
            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Settle(net, seed);
        }
    }

    [Fact]
    public void MessagesUpToTheLongestArriveWhole()
    {
        for (var seed = 1UL; seed <= 6; seed++)
        {
            var net = new TransportNet(seed);
            net.Pipe.Faults = new PipeFaults { Loss = 0.02 * (seed % 3), Duplicate = 0.01, Jitter = Duration.FromMilliseconds(10) };
            var traffic = new StreamTraffic(net, seed) { MaxLength = 1 << 20 };
            traffic.Open(0, 1, ServiceClass.Signal, 12);
            traffic.Open(0, 1, ServiceClass.Bulk, 12);
            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Settle(net, seed);
        }
    }

    [Fact]
    public void RestartsOfEitherSideNeverRepeatOrReorderWithinALife()
    {
        for (var seed = 1UL; seed <= 150; seed++)
            Run(seed);

        static void Run(ulong seed)
        {
            var net = new TransportNet(seed, nodes: 3);
            net.Pipe.Faults = PipeFaults.Random(net.Random) with { Straggle = 0.05, StraggleDelay = Duration.FromSeconds(20) };
            var traffic = new StreamTraffic(net, seed);
            for (var round = 0; round < 6; round++)
            {
                for (var i = 0; i < 3; i++)
                    traffic.Open(i, (i + 1 + net.Random.Below(2)) % 3, ServiceClass.Signal, 1 + net.Random.Below(40));
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(3_000)));
                if (net.Random.Chance(0.6))
                    net.Restart(net.Random.Below(3));
            }

            net.RunFor(Duration.FromSeconds(600), () => LivingFlowsAreOver(net, traffic));
            traffic.CheckComplete($"seed {seed}");
            foreach (var flow in traffic.Flows)
            {
                // Whoever broke was restarted under, and what was confirmed had been received by some life.
                if (flow.FromLife != net.Epochs[flow.From])
                    continue;
                Assert.True(flow.IsOver, $"seed {seed}: flow {flow.Label} neither ended nor broke");
                var best = 0UL;
                for (var life = 101u; life <= 130; life++)
                    best = Math.Max(best, traffic.ReceivedOf(flow, new BootEpoch(life)));
                Assert.True(flow.Confirmed <= best, $"seed {seed}: flow {flow.Label} confirmed {flow.Confirmed}, received {best}");
            }
        }
    }

    [Fact]
    public void AFlowSurvivesAnOutageShorterThanTheUnreachableTimeout()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var net = new TransportNet(seed);
            var traffic = new StreamTraffic(net, seed);
            var flow = traffic.Open(0, 1, ServiceClass.Signal, 5_000);
            net.RunFor(Duration.FromMilliseconds(40 + (3 * (double)seed)));
            net.Pipe.IsCut = true;
            net.RunFor(Duration.FromSeconds(250));
            Assert.False(flow.IsOver);
            net.Pipe.IsCut = false;
            net.RunFor(Duration.FromSeconds(60), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
        }
    }

    [Fact]
    public void ALongerOutageBreaksTheFlowAndSaysHowFarItCame()
    {
        var net = new TransportNet(7);
        var traffic = new StreamTraffic(net, 7);
        var flow = traffic.Open(0, 1, ServiceClass.Signal, 2_000);
        net.RunFor(Duration.FromMilliseconds(90));
        net.Pipe.IsCut = true;
        net.RunFor(Duration.FromSeconds(301));
        Assert.Equal(FlowEndReason.Unreachable, flow.Broken);
        Assert.InRange(flow.Confirmed, 1UL, traffic.ReceivedOf(flow, flow.ToLife));
        Assert.Equal(0, net.Layers[0].SendBytes);
    }

    [Fact]
    public void ASlowReaderHoldsItsOriginBackAndLosesNothing()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var net = new TransportNet(seed, options: TransportOptions.Default with { ReceiveMemory = 8 << 20, ReceiveMemoryPerOrigin = 4 << 20 });
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var mayTake = 0;
            var traffic = new StreamTraffic(net, seed) { MaxLength = 1_000, TakeLimit = node => node == 1 ? mayTake : int.MaxValue };
            var flow = traffic.Open(0, 1, ServiceClass.Signal, 6_000);
            net.RunFor(Duration.FromSeconds(60));

            // What fits the memory for one origin, three quarters of which is for what came in turn, and the sender's queue.
            Assert.InRange(flow.Sent, 1_024, ((3 << 20) / SegmentPool.PlaceBytes) + TransportLimits.InitialWindow + TransportLimits.SendQueueSegments);
            Assert.Equal(0UL, traffic.ReceivedOf(flow, flow.ToLife));

            mayTake = 3;
            net.RunFor(Duration.FromSeconds(20));
            mayTake = 50;
            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            while (net.Layers[1].ReceiveBytes > 0 && net.RunFor(Duration.FromMilliseconds(10)))
            {
            }

            traffic.CheckComplete($"seed {seed}");
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.05, 10)]
    [InlineData(0.15, 60)]
    [InlineData(0.3, 300)]
    public void WhatWasNotLostIsHardlyEverSentAgain(double loss, int seconds)
    {
        var net = new TransportNet(1);
        net.Pipe.Faults = new PipeFaults { Loss = loss, Delay = Duration.FromMilliseconds(40), Jitter = Duration.FromMilliseconds(10) };
        var traffic = new StreamTraffic(net, 1) { MaxLength = 1_000 };
        traffic.Open(0, 1, ServiceClass.Signal, 8_000);
        Assert.True(net.RunFor(Duration.FromSeconds(seconds), () => traffic.IsDone), "took too long");
        traffic.CheckComplete("seed 1");
        Assert.InRange(net.Layers[1].Counters.Drops(TransportDrop.Duplicate), 0, 80);
        Assert.InRange(net.Layers[0].Counters.SegmentsRetransmitted, 8_000 * loss * 0.8, 8_000 * loss / (1 - loss) * 1.2);
    }

    [Fact]
    public void ManyFlowsShareTheNodeAndAllFinish()
    {
        var net = new TransportNet(11, nodes: 4);
        net.Pipe.Faults = new PipeFaults { Loss = 0.05, Duplicate = 0.05, Jitter = Duration.FromMilliseconds(30) };
        var traffic = new StreamTraffic(net, 11) { MaxLength = 2_000 };
        for (var i = 0; i < 600; i++)
            traffic.Open(i % 4, (i + 1 + (i / 4 % 3)) % 4, (i & 1) == 0 ? ServiceClass.Signal : ServiceClass.Bulk, 1 + (i % 5));
        net.RunFor(Duration.FromSeconds(120), () => traffic.IsDone);
        traffic.CheckComplete("seed 11");
        Settle(net, 11);
    }

    [Fact]
    public void MemoryStaysWithinItsBudgetAndEveryLongMessageStillGetsThrough()
    {
        var options = new TransportOptions { ReceiveMemory = 4 << 20, ReceiveMemoryPerOrigin = 4 << 20, SendMemory = 8 << 20 };
        for (var seed = 1UL; seed <= 4; seed++)
        {
            var net = new TransportNet(seed, options: options);
            net.Pipe.Faults = new PipeFaults { Loss = 0.05, Jitter = Duration.FromMilliseconds(20), Delay = Duration.FromMilliseconds(10) };
            var traffic = new StreamTraffic(net, seed) { MaxLength = 1 << 20, TakeLimit = node => node == 1 ? net.Random.Below(40) / 39 : 100 };
            for (var i = 0; i < 24; i++)
                traffic.Open(0, 1, ServiceClass.Bulk, 4);
            var most = 0L;
            net.RunFor(Duration.FromSeconds(900), () =>
            {
                most = Math.Max(most, net.Layers[1].ReceiveBytes);
                Assert.True(net.Layers[1].ReceiveBytes <= options.ReceiveMemory, $"seed {seed}: receive memory over its limit");
                Assert.True(net.Layers[0].SendBytes <= options.SendMemory, $"seed {seed}: send memory over its limit");
                return traffic.IsDone;
            });
            traffic.TakeLimit = _ => int.MaxValue;
            net.RunFor(Duration.FromSeconds(1));
            traffic.CheckComplete($"seed {seed}");
            Assert.True(most > options.ReceiveMemory / 2, $"the budget was never under pressure: {most}");
            Assert.True(net.Layers[1].Counters.Drops(TransportDrop.NoReceiveMemory) > 0);
            Settle(net, seed);
        }
    }

    /// <summary>After all flows closed and a while passed, nothing is left on either side.</summary>
    private static void Settle(TransportNet net, ulong seed)
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

    private static bool LivingFlowsAreOver(TransportNet net, StreamTraffic traffic) =>
        traffic.Flows.All(flow => flow.IsOver || flow.FromLife != net.Epochs[flow.From]);
}
