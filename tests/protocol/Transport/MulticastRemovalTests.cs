using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>Destinations that are taken out of a Signal or Bulk flow to many, and taken in again. docs/wire-format.md, section 7.5.</summary>
public sealed class MulticastRemovalTests
{
    private const int Slow = 3;

    /// <summary>Whatever is lost, held up or late: nobody gets a message twice, out of order, or with a gap but where it was taken out.</summary>
    [Fact]
    public void WhoComesAndGoesGetsEverythingSinceItCameOnceAndInOrder()
    {
        var cuts = 0;
        for (var seed = 1UL; seed <= 150; seed++)
            cuts += Run(seed);
        Assert.True(cuts > 2_000, $"Only {cuts} destinations were taken out: the seeds test nothing.");

        static int Run(ulong seed)
        {
            var net = new TransportNet(seed, 3 + (int)(seed % 6), stride: 37);
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            net.SharedLoss = net.Random.Chance(0.3) ? 0.1 : 0;
            var away = new HashSet<int>();
            var traffic = new MulticastTraffic(net, seed)
            {
                Choose = (_, edges) =>
                {
                    for (var node = 1; node < net.Layers.Length; node++)
                    {
                        if (!away.Contains(node) && net.Random.Chance(0.9))
                            edges.Add(net.EdgeOf(node));
                    }
                },
            };
            var flow = traffic.Open(seed % 2 == 0 ? ServiceClass.Signal : ServiceClass.Bulk, 300);
            for (flow.Limit = 0; flow.Limit < 300;)
            {
                for (var node = 1; node < net.Layers.Length; node++)
                {
                    if (!net.Random.Chance(0.15))
                        continue;
                    if (!away.Remove(node) && away.Add(node))
                        traffic.TakeOut(flow, node);
                }

                flow.Limit += 1 + net.Random.Below(10);
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(100)));
            }

            net.RunFor(Duration.FromSeconds(300), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.True(flow.LossCount == 0, $"seed {seed}: {flow.LossCount} destinations were lost: {string.Join(", ", flow.Lost)}");
            MulticastSimulationTests.Settle(net, seed);
            return flow.Cuts.Count;
        }
    }

    [Fact]
    public void WhatWaitsForOneThatIsTakenOutIsLetGo()
    {
        var (net, traffic, flow) = Begin(1, messages: 500);
        net.Reaches = node => node != Slow;
        Send(net, flow, 400);
        net.RunFor(Duration.FromMilliseconds(100));
        var layer = net.Layers[0];
        Assert.Equal(1, layer.Counters.MulticastLeaves);
        Assert.Equal(400 * SegmentPool.PlaceBytes, layer.SendBytes);
        Assert.Equal(0UL, flow.Confirmed);
        Assert.True(traffic.TakeOut(flow, Slow));
        Assert.False(traffic.TakeOut(flow, Slow));
        Assert.Equal(0, layer.SendBytes);
        net.FlushAll();
        Assert.Equal(400UL, flow.Confirmed);

        // Reached again, it is sent nothing of what was let go.
        net.Reaches = _ => true;
        var direct = net.UnicastSegments;
        net.RunFor(Duration.FromSeconds(60));
        Assert.Equal((0, direct), (traffic.ReceivedBy(Slow, flow), net.UnicastSegments));
        Send(net, flow, 100);
        net.RunFor(Duration.FromSeconds(20), () => traffic.IsDone);
        traffic.CheckComplete("seed 1");
        Assert.Equal((100, 0), (traffic.ReceivedBy(Slow, flow), flow.LossCount));
        MulticastSimulationTests.Settle(net, 1);
    }

    /// <summary>While nothing is lost, the chain of priors is whole, and taking out and in costs no unicast.</summary>
    [Fact]
    public void WhoHasEverythingIsTakenInAgainByMulticast()
    {
        var (net, traffic, flow) = Begin(2, messages: 300);
        traffic.Choose = (sending, edges) =>
        {
            MulticastSimulationTests.ToAll(net)(sending, edges);
            if (sending.Sent is >= 100 and < 200)
                edges.Remove(net.EdgeOf(Slow));
        };
        Send(net, flow, 100);
        net.RunFor(Duration.FromMilliseconds(200));
        Assert.True(traffic.TakeOut(flow, Slow));
        Send(net, flow, 200);
        net.RunFor(Duration.FromSeconds(5), () => traffic.IsDone);
        traffic.CheckComplete("seed 2");
        Assert.Equal((200, 0), (traffic.ReceivedBy(Slow, flow), net.UnicastSegments));
    }

    [Fact]
    public void WhoIsAwayForHoursStaysKnown()
    {
        var (net, traffic, flow) = Begin(4, messages: 20);
        Send(net, flow, 10);
        Assert.True(traffic.TakeOut(flow, Slow));
        net.RunFor(Duration.FromSeconds(3 * 3_600));
        Send(net, flow, 10);
        net.RunFor(Duration.FromSeconds(5), () => traffic.IsDone);
        traffic.CheckComplete("seed 4");
        Assert.Equal(0, flow.LossCount);
    }

    /// <summary>If the origin has heard of it, the later life is simply taken in; if not, it is lost first, as any that restarts.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoRestartsWhileItIsAwayBeginsAnew(bool isHeard)
    {
        var (net, traffic, flow) = Begin(5, messages: 41);
        Send(net, flow, 20);
        net.RunFor(Duration.FromSeconds(1));
        Assert.True(traffic.TakeOut(flow, Slow));
        net.Restart(Slow);
        net.Layers[Slow].OpenRealtime(TransportNet.IdOf(0), 3, Duration.FromSeconds(1), out var stream);
        if (isHeard)
            net.Layers[Slow].Send(net.Now, stream, [], out _);
        traffic.TakeLimit = node => node == 0 ? 0 : int.MaxValue;
        traffic.Choose = (sending, edges) =>
        {
            MulticastSimulationTests.ToAll(net)(sending, edges);
            if (sending.Sent == 20)
                edges.Remove(net.EdgeOf(Slow));
        };
        Send(net, flow, 1);
        net.RunFor(Duration.FromSeconds(1));
        Send(net, flow, 1);
        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(isHeard ? 0 : 1, flow.LossCount);
        Send(net, flow, 19);
        net.RunFor(Duration.FromSeconds(20), () => traffic.IsDone);
        traffic.CheckComplete("seed 5");
        Assert.Equal(isHeard ? 20 : 19, traffic.ReceivedBy(Slow, flow));
    }

    /// <summary>Those that are away give their places to others, the longest away first, and are told.</summary>
    [Fact]
    public void APlaceThatIsWantedIsGivenToAnother()
    {
        const int Most = MulticastLimits.MaxDestinations;
        var net = new TransportNet(6, Most + 3, stride: 1);
        var layer = net.Layers[0];
        var lost = new List<TransportEvent>();
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out _))
            {
            }

            while (net.Layers[node].TryPollEvent(out var happened))
            {
                if (happened.Kind == TransportEventKind.DestinationLost)
                    lost.Add(happened);
            }
        };
        var edges = new EdgeSet();
        for (var node = 1; node <= Most; node++)
            edges.Add(net.EdgeOf(node));
        layer.OpenMulticast(ServiceClass.Signal, 3, out var flow);
        SendResult Send()
        {
            var result = layer.SendMulticast(net.Now, flow, edges, [1], out _);
            net.RunFor(Duration.FromSeconds(1));
            return result;
        }

        Assert.Equal(SendResult.Accepted, Send());
        edges.Add(net.EdgeOf(Most + 1));
        Assert.Equal(SendResult.TooManyDestinations, Send());
        foreach (var node in (int[])[7, 8])
        {
            Assert.True(edges.Remove(net.EdgeOf(node)));
            Assert.True(layer.RemoveDestination(net.Now, flow, net.EdgeOf(node)));
            net.RunFor(Duration.FromSeconds(1));
        }

        Assert.Equal(SendResult.Accepted, Send());
        Assert.Equal((0, 1), (net.Layers[7].InboundCount, net.Layers[8].InboundCount));

        // Node 8 is still known and comes back, one too many with node 7, which is not.
        edges.Add(net.EdgeOf(8));
        Assert.Equal(SendResult.Accepted, Send());
        Assert.Empty(lost);
        edges.Remove(net.EdgeOf(9));
        Assert.True(layer.RemoveDestination(net.Now, flow, net.EdgeOf(9)));
        edges.Add(net.EdgeOf(7));
        Assert.Equal(SendResult.Accepted, Send());
        Assert.Equal((TransportNet.IdOf(7), FlowEndReason.Forgotten), (Assert.Single(lost).Destination, lost[0].Reason));
    }

    [Fact]
    public void OnlyAFlowToManyHasDestinationsToTakeOut()
    {
        var (net, traffic, flow) = Begin(7, messages: 10);
        net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Signal, 3, 0, out var stream);
        Assert.Throws<ArgumentException>(() => net.Layers[0].RemoveDestination(net.Now, stream, net.EdgeOf(1)));
        Assert.False(net.Layers[0].RemoveDestination(net.Now, flow.Handle, net.EdgeOf(1)));
        Assert.False(net.Layers[0].RemoveDestination(net.Now, FlowHandle.None, net.EdgeOf(1)));
        Send(net, flow, 10);
        Assert.False(net.Layers[0].RemoveDestination(net.Now, flow.Handle, (ushort)(net.EdgeOf(1) + 1)));
        Assert.True(traffic.TakeOut(flow, 1));
    }

    private static (TransportNet Net, MulticastTraffic Traffic, MulticastTraffic.Sending Flow) Begin(ulong seed, int messages)
    {
        var net = new TransportNet(seed, 5, stride: 37);
        var traffic = new MulticastTraffic(net, seed) { Choose = MulticastSimulationTests.ToAll(net), MaxLength = 200 };
        var flow = traffic.Open(ServiceClass.Signal, messages);
        flow.Limit = 0;
        return (net, traffic, flow);
    }

    /// <summary>A message every millisecond.</summary>
    private static void Send(TransportNet net, MulticastTraffic.Sending flow, int messages)
    {
        for (var i = 0; i < messages; i++)
        {
            flow.Limit++;
            net.RunFor(Duration.FromMilliseconds(1));
        }
    }
}
