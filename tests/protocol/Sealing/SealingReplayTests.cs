using WeCan.Contracts;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Sealing;

/// <summary>
/// A node that restarts has forgotten what it had answered, so a relay that kept its peer's initiations can have each of them
/// answered once more. That costs time, and how much is bounded, however many there are: docs/wire-format.md, section 7.8.
/// </summary>
public sealed class SealingReplayTests
{
    private static readonly Duration Delay = Duration.FromMilliseconds(20);

    /// <summary>Both have restarted, and who is tricked is the only one that has something to say.</summary>
    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 20)]
    [InlineData(0, 150)]
    [InlineData(1, 150)]
    [InlineData(0, 1_500)]
    [InlineData(1, 1_500)]
    public void OldInitiationsHoldUpWhoWantsToSealForOnePatience(int tricked, int interval)
    {
        var (net, traffic, recorded) = Record(tricked);
        net.Restart(1 - tricked);
        net.Restart(tricked);
        Hand(net, tricked, recorded[0]);
        var flow = traffic.Open(tricked, 1 - tricked, ServiceClass.Signal, 5);
        var began = net.Now;
        for (var next = 1; !flow.IsOver && net.Now - began < Duration.FromSeconds(30); next++)
        {
            if (next < recorded.Count)
                Hand(net, tricked, recorded[next]);
            net.RunFor(Duration.FromMilliseconds(interval), () => flow.IsOver);
        }

        Assert.True(flow is { IsOver: true, Broken: null }, $"{flow.Confirmed} confirmed, {flow.Broken}");
        Assert.True(net.Now - began <= SealingLimits.PendingPatience + Duration.FromMilliseconds(250), $"{net.Now - began}");
    }

    /// <summary>The peer has lived on, and seals for a life that is over until it hears of the new one.</summary>
    [Theory]
    [InlineData(0, 20)]
    [InlineData(1, 20)]
    [InlineData(0, 700)]
    [InlineData(1, 700)]
    public void OldInitiationsHoldUpWhoSealsForAnOldLifeForOnePatienceAndOneResending(int tricked, int interval)
    {
        var (net, traffic, recorded) = Record(tricked);
        var before = traffic.Open(1 - tricked, tricked, ServiceClass.Signal, 5);
        Assert.True(net.RunFor(Duration.FromSeconds(20), () => before.IsOver));
        net.Restart(tricked);
        Hand(net, tricked, recorded[0]);
        var flow = traffic.Open(1 - tricked, tricked, ServiceClass.Signal, 5);
        var began = net.Now;
        for (var next = 1; !flow.IsOver && net.Now - began < Duration.FromSeconds(60); next++)
        {
            if (next < recorded.Count)
                Hand(net, tricked, recorded[next]);
            net.RunFor(Duration.FromMilliseconds(interval), () => flow.IsOver);
        }

        Assert.True(flow is { IsOver: true, Broken: null }, $"{flow.Confirmed} confirmed, {flow.Broken}");
        Assert.True(net.Now - began <= (SealingLimits.PendingPatience * 2) + Duration.FromSeconds(1), $"{net.Now - began}");
    }

    private static void Hand(TransportNet net, int node, byte[] packet)
    {
        net.Layers[node].HandlePacket(net.Now, TransportNet.IdOf(1 - node), ServiceClass.Control, MonoTime.Never, false, packet);
        net.FlushAll();
    }

    /// <summary>The initiations of one end that could not reach the other for long, each of another counter.</summary>
    private static (TransportNet Net, StreamTraffic Traffic, List<byte[]> Recorded) Record(int tricked)
    {
        var net = new TransportNet(5, isSealed: true);
        net.Pipe.Faults = new PipeFaults { Delay = Delay };
        var recorded = new List<byte[]>();
        net.Sniffer = (from, _, bytes) =>
        {
            if (from != tricked && bytes[0] == SealingMessage.Initiation && !recorded.Exists(known => known.AsSpan().SequenceEqual(bytes)))
                recorded.Add(bytes);
        };
        var traffic = new StreamTraffic(net, 5);
        net.Pipe.IsCut = true;
        for (var i = 0; i < 4; i++)
        {
            var unheard = traffic.Open(1 - tricked, tricked, ServiceClass.Signal, 1);
            Assert.True(net.RunFor(Duration.FromSeconds(400), () => unheard.IsOver));
        }

        net.Pipe.IsCut = false;
        net.Sniffer = null;
        Assert.True(recorded.Count > 40, $"Only {recorded.Count} initiations were recorded.");
        return (net, traffic, recorded);
    }
}
