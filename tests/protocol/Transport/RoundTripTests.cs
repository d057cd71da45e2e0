using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>
/// A route becomes longer than its timeouts, as by another path or a queue, and one message at a time is on the way: each of
/// them must not be sent again for ever because none was sent once, and so none tells how long the way is.
/// </summary>
public sealed class RoundTripTests
{
    private const int Before = 50;
    private const int Learning = 3;
    private const int After = 12;

    private static readonly PipeFaults Short = new() { Delay = Duration.FromMilliseconds(10) };
    private static readonly PipeFaults Long = new() { Delay = Duration.FromMilliseconds(1_500) };

    [Fact]
    public void AStreamLearnsALongerRoundTrip()
    {
        var net = new TransportNet(1);
        net.Pipe.Faults = Short;
        var flow = new StreamTraffic(net, 1) { MaxLength = 500 }.Open(0, 1, ServiceClass.Signal, 0, close: false);
        Check(net, () => flow.Messages++, () => flow.Confirmed == (ulong)flow.Messages);
        Assert.Null(flow.Broken);
    }

    [Fact]
    public void AFlowToManyLearnsALongerRoundTrip()
    {
        var net = new TransportNet(2, nodes: 3, stride: 37);
        net.Pipe.Faults = Short;
        var traffic = new MulticastTraffic(net, 2) { Choose = MulticastSimulationTests.ToAll(net), MaxLength = 500 };
        var flow = traffic.Open(ServiceClass.Signal, Before + Learning + After);
        flow.Limit = 0;
        Check(net, () => flow.Limit++, () => net.Layers[0].Counters.MessagesConfirmed == flow.Limit);
        traffic.CheckComplete("seed 2");
    }

    private static void Check(TransportNet net, Action send, Func<bool> isConfirmed)
    {
        for (var i = 0; i < Before; i++)
            SendOne();
        net.Pipe.Faults = Long;
        for (var i = 0; i < Learning; i++)
            SendOne();
        var learnt = net.Layers[0].Counters.RetransmissionTimeouts;
        Assert.InRange(learnt, 1, 10);
        for (var i = 0; i < After; i++)
            SendOne();
        Assert.Equal(learnt, net.Layers[0].Counters.RetransmissionTimeouts);

        void SendOne()
        {
            send();
            Assert.True(net.RunFor(Duration.FromSeconds(60), isConfirmed));
        }
    }
}
