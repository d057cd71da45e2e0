using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>Realtime over two routes: what one of them loses is not lost. docs/wire-format.md, section 7.4.</summary>
public sealed class TwoPathTests
{
    private static readonly Duration Deadline = Duration.FromMilliseconds(200);
    private static readonly NodeId Destination = TransportNet.IdOf(1);

    /// <summary>The oracle sees every copy: a message is lost only if some fragment was lost on both routes, and none comes twice.</summary>
    [Fact]
    public void LostIsOnlyWhatIsLostOnBoth()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var net = new TransportNet(seed);
            Route(net, 2);
            net.RouteFaults[0] = new PipeFaults { Loss = 0.3, Delay = Duration.FromMilliseconds(5 + net.Random.Below(60)), Jitter = Duration.FromMilliseconds(10) };
            net.RouteFaults[1] = new PipeFaults { Loss = 0.3, Duplicate = 0.1, Delay = Duration.FromMilliseconds(5 + net.Random.Below(100)) };
            var seen = new HashSet<ulong>();
            net.Application = node => Take(net, node, id => Assert.True(seen.Add(id), $"seed {seed}: message {id} came twice"));
            net.Layers[0].OpenRealtime(Destination, 5, Deadline, out var flow, paths: 2);
            var sent = new Dictionary<(int Token, uint Sequence), int>();
            net.Sniffer = (node, transmit, bytes) =>
            {
                if (RealtimeHeader.TryRead(bytes, out var header, out _))
                {
                    Assert.Equal(transmit.RouteToken, header.Token);
                    sent[(header.Token, header.Sequence)] = sent.GetValueOrDefault((header.Token, header.Sequence)) + 1;
                }
            };
            for (var id = 0UL; id < 300; id++)
            {
                Send(net, flow, id);
                net.RunFor(Duration.FromMilliseconds(5));
            }

            net.RunFor(Duration.FromSeconds(1));
            Assert.All(sent.Values, count => Assert.Equal(1, count));
            Assert.Equal(600, sent.Count);
            Assert.Equal(300, net.Layers[0].Counters.CopiesSent);

            // 300 messages, each lost with 0.09: the bounds lie more than 3.6 standard deviations away.
            Assert.InRange(seen.Count, 250, 295);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ARouteThatDiesLosesNothing(int dying)
    {
        var net = new TransportNet(7);
        Route(net, 2);
        var seen = new HashSet<ulong>();
        net.Application = node => Take(net, node, id => Assert.True(seen.Add(id)));
        net.Layers[0].OpenRealtime(Destination, 5, Deadline, out var flow, paths: 2);
        for (var id = 0UL; id < 500; id++)
        {
            if (id == 100)
                net.RouteFaults[dying] = new PipeFaults { Loss = 1 };
            if (id == 300)
                net.RouteFaults[dying] = new PipeFaults { Loss = 0.3 };
            Send(net, flow, id, length: id % 10 == 0 ? 5_000 : 500);
            net.RunFor(Duration.FromMilliseconds(5));
        }

        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(500, seen.Count);
    }

    [Fact]
    public void OverOneRouteTheHeaderIsNoByteLongerAndNothingGoesTwice()
    {
        var net = new TransportNet(8);
        net.Layers[0].OpenRealtime(Destination, 5, Deadline, out var flow, paths: 2);
        var lengths = new List<int>();
        net.Sniffer = (node, transmit, bytes) => lengths.Add(transmit.Class == ServiceClass.Realtime ? bytes.Length : 110);
        for (var id = 0UL; id < 5; id++)
            Send(net, flow, id, length: 100);
        net.FlushAll();
        Assert.Equal(5, lengths.Count);
        Assert.All(lengths, length => Assert.Equal(110, length));
    }

    /// <summary>The slow route's copies come a deadline later than the fast one's, at thousands of packets a second.</summary>
    [Fact]
    public void TheDuplicateWindowSpansTheRoutesDifferenceInDelay()
    {
        var net = new TransportNet(9);
        Route(net, 2);
        net.RouteFaults[0] = new PipeFaults { Loss = 0.5, Delay = Duration.FromMilliseconds(5) };
        net.RouteFaults[1] = new PipeFaults { Delay = Duration.FromMilliseconds(190) };
        var seen = new HashSet<ulong>();
        net.Application = node => Take(net, node, id => Assert.True(seen.Add(id)));
        net.Layers[0].OpenRealtime(Destination, 5, Deadline, out var flow, paths: 2);
        for (var id = 0UL; id < 5_000; id++)
        {
            Send(net, flow, id);
            if (id % 10 == 0)
                net.RunFor(Duration.FromMilliseconds(1));
        }

        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(5_000, seen.Count);
    }

    [Fact]
    public void ARouteWithoutRoomHoldsUpNothingAndItsCopiesAreCounted()
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        layer.SetRoute(Destination, 0, [new(30), Destination]);
        layer.SetRoute(Destination, 1, [new(31), Destination]);
        layer.OpenRealtime(Destination, 0, Deadline, out var flow, paths: 2);
        var gate = new RouteGate { Shut = 1 };
        var buffer = new byte[TransportLimits.MaxTransmit];
        var now = MonoTime.FromSeconds(1);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(SendResult.Accepted, layer.Send(now, flow, new byte[100], out _));
            Assert.True(layer.TryPollTransmit(now, ref gate, buffer, out var transmit, out _));
            Assert.Equal(0, transmit.RouteToken);
            Assert.False(layer.TryPollTransmit(now, ref gate, buffer, out _, out _));
            now += Duration.FromMilliseconds(20);
        }

        layer.Close(now, flow);
        Assert.Equal(0, layer.Counters.Drops(TransportDrop.ExpiredBeforeSending));
        Assert.InRange(layer.Counters.Drops(TransportDrop.CopyShed), 85, 95);
        layer.HandleTimeout(now + Deadline + Deadline);
        Assert.Equal(100, layer.Counters.Drops(TransportDrop.CopyShed));
        Assert.Equal(0, layer.SendBytes);
        Assert.True(layer.TryPollEvent(out var happened));
        Assert.Equal(TransportEventKind.FlowClosed, happened.Kind);
        Assert.Equal(0, layer.OutboundCount);
    }

    [Fact]
    public void AFlowGoesOnOverTheRouteThatIsLeftWithWhatWasNotSent()
    {
        var net = new TransportNet(10);
        Route(net, 1);
        var tokens = new List<int>();
        net.Sniffer = (node, transmit, bytes) => tokens.Add(transmit.Class == ServiceClass.Realtime ? transmit.RouteToken : -1);
        net.Layers[0].OpenRealtime(Destination, 5, Deadline, out var flow);
        Send(net, flow, 0);
        net.Layers[0].SetRoute(Destination, 3, [new(33), Destination]);
        net.Layers[0].SetRoute(Destination, 0, []);
        Send(net, flow, 1);
        net.FlushAll();
        Assert.Equal([3, 3], tokens);
    }

    [Fact]
    public void MorePathsThanTwoAreAMistakeOfTheCaller()
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.OpenRealtime(Destination, 0, Deadline, out _, paths: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => layer.OpenRealtime(Destination, 0, Deadline, out _, paths: 0));
    }

    private static void Route(TransportNet net, int routes)
    {
        for (var token = 0; token < routes; token++)
        {
            net.Layers[0].SetRoute(Destination, token, [new((ushort)(30 + token)), Destination]);
            net.Layers[1].SetRoute(TransportNet.IdOf(0), token, [new((ushort)(30 + token)), TransportNet.IdOf(0)]);
        }
    }

    private static void Send(TransportNet net, FlowHandle flow, ulong id, int length = 100)
    {
        var message = new byte[length];
        BinaryPrimitives.WriteUInt64BigEndian(message, id);
        Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, message, out _));
    }

    private static void Take(TransportNet net, int node, Action<ulong> came)
    {
        while (net.Layers[node].TryReceive(net.Now, out var message))
            came(BinaryPrimitives.ReadUInt64BigEndian(message.Payload));
    }

    private sealed class RouteGate : ITransmitGate
    {
        public int Shut { get; init; }

        public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass) => routeToken != Shut;
    }
}
