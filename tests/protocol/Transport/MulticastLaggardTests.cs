using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>A destination that is slow, away or gone: it catches up or is lost with an event, and the others never wait for it.</summary>
public sealed class MulticastLaggardTests
{
    private const int Slow = 3;

    [Fact]
    public void WhoWasAwayCatchesUpAndTheOthersDoNotWait()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var (net, traffic, flow) = Begin(seed, messages: 450);
            Send(net, flow, 50);
            net.Reaches = node => node != Slow;
            Send(net, flow, 350);
            net.RunFor(Duration.FromMilliseconds(100));
            foreach (var node in (int[])[1, 2, 4])
                Assert.True(traffic.ReceivedBy(node, flow) == 400, $"seed {seed}: node {node} received {traffic.ReceivedBy(node, flow)} of 400");
            Assert.Equal(1, net.Layers[0].Counters.MulticastLeaves);

            net.Reaches = _ => true;
            net.RunFor(Duration.FromSeconds(20), () => traffic.ReceivedBy(Slow, flow) == 400);
            var direct = net.UnicastSegments;
            Send(net, flow, 50);
            net.RunFor(Duration.FromSeconds(20), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.Equal(0, flow.LossCount);

            // In step again: what follows comes by multicast.
            Assert.InRange(net.UnicastSegments - direct, 0, 3);
            MulticastSimulationTests.Settle(net, seed);
        }
    }

    [Fact]
    public void WhoIsTooFarBehindIsLostAndTheOthersGetEverything()
    {
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var (net, traffic, flow) = Begin(seed, messages: 4_000);
            net.Reaches = node => node != Slow;
            Send(net, flow, 4_000);
            net.RunFor(Duration.FromMilliseconds(500), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.Equal(FlowEndReason.TooSlow, flow.Lost[Slow]);
            Assert.Equal(0UL, flow.ConfirmedAtLoss[Slow]);
            Assert.Equal(0, net.Layers[0].SendBytes);
        }
    }

    [Fact]
    public void AReaderThatTakesNothingHoldsNobodyUp()
    {
        var (net, traffic, flow) = Begin(7, messages: 6_000);
        traffic.TakeLimit = node => node == Slow ? 0 : int.MaxValue;
        Send(net, flow, 6_000);
        net.RunFor(Duration.FromMilliseconds(500), () => traffic.IsDone);
        traffic.TakeLimit = _ => int.MaxValue;
        net.RunFor(Duration.FromSeconds(30));
        traffic.CheckComplete("seed 7");
        Assert.Equal(FlowEndReason.TooSlow, flow.Lost[Slow]);
        Assert.Equal((ulong)traffic.ReceivedBy(Slow, flow), flow.ConfirmedAtLoss[Slow]);
        MulticastSimulationTests.Settle(net, 7);
    }

    [Fact]
    public void WhenAllAreSlowTheApplicationWaits()
    {
        var (net, traffic, flow) = Begin(8, messages: 6_000);
        var mayTake = 0;
        traffic.TakeLimit = _ => mayTake;
        net.RunFor(Duration.FromSeconds(10));
        Assert.True(flow.IsBlocked);
        Assert.InRange(flow.Sent, MulticastLimits.QueueSegments, MulticastLimits.QueueSegments + MulticastLimits.ReceiveWindow);
        mayTake = 20;
        net.RunFor(Duration.FromSeconds(200), () => traffic.IsDone);
        traffic.TakeLimit = _ => int.MaxValue;
        net.RunFor(Duration.FromSeconds(1));
        traffic.CheckComplete("seed 8");
        Assert.Equal(0, flow.LossCount);
    }

    [Fact]
    public void WhoIsNeverHeardOfIsLostAsUnreachable()
    {
        var (net, traffic, flow) = Begin(9, messages: 10);
        net.Reaches = node => node != Slow;
        net.RunFor(Duration.FromSeconds(299));
        Assert.Equal(0, flow.LossCount);
        net.RunFor(Duration.FromSeconds(10));
        traffic.CheckComplete("seed 9");
        Assert.Equal(FlowEndReason.Unreachable, flow.Lost[Slow]);
    }

    [Fact]
    public void AnIdleFlowStaysKnownToItsDestinations()
    {
        var (net, traffic, flow) = Begin(10, messages: 20);
        Send(net, flow, 10);
        net.RunFor(Duration.FromSeconds(3 * 3_600));
        Send(net, flow, 10);
        net.RunFor(Duration.FromSeconds(5), () => traffic.IsDone);
        traffic.CheckComplete("seed 10");
        Assert.Equal(0, flow.LossCount);
    }

    [Fact]
    public void ARevokedNodeIsLostAndTheFlowGoesOn()
    {
        var (net, traffic, flow) = Begin(11, messages: 100);
        Send(net, flow, 50);
        net.Layers[0].Revoke(net.Now, TransportNet.IdOf(Slow));
        net.FlushAll();
        Assert.Equal(FlowEndReason.Revoked, flow.Lost[Slow]);
        traffic.Choose = (_, edges) => edges.Add(net.EdgeOf(1));
        Send(net, flow, 50);
        net.RunFor(Duration.FromSeconds(5), () => traffic.IsDone);
        traffic.CheckComplete("seed 11");
    }

    private static (TransportNet Net, MulticastTraffic Traffic, MulticastTraffic.Sending Flow) Begin(ulong seed, int messages)
    {
        var net = new TransportNet(seed, 5, stride: 37);
        var traffic = new MulticastTraffic(net, seed) { Choose = MulticastSimulationTests.ToAll(net), MaxLength = 200 };
        return (net, traffic, traffic.Open(ServiceClass.Signal, messages));
    }

    /// <summary>A message every millisecond.</summary>
    private static void Send(TransportNet net, MulticastTraffic.Sending flow, int messages)
    {
        flow.Limit = flow.Sent;
        for (var i = 0; i < messages; i++)
        {
            flow.Limit++;
            net.RunFor(Duration.FromMilliseconds(1));
        }
    }
}
