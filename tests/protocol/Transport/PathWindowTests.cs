using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>The window that all flows of a class over one route share.</summary>
public sealed class PathWindowTests
{
    private static readonly Duration RoundTrip = Duration.FromMilliseconds(80);
    private readonly TransportCounters _counters = new();
    private MonoTime _now = MonoTime.FromSeconds(1);
    private int _told;

    [Fact]
    public void ItDoublesUntilTheRouteObjectsAndThenAddsALittle()
    {
        var window = new PathWindow(_counters);
        PassRound(window);
        PassRound(window);
        Assert.Equal(4 * TransportLimits.FirstPathWindow, window.Size);
        window.OnMarks(_now, RoundTrip);
        window.OnMarks(_now + (RoundTrip / 2), RoundTrip);
        var cut = 4 * TransportLimits.FirstPathWindow * 7 / 10;
        Assert.Equal(cut, window.Size);
        Assert.Equal(1, _counters.WindowCuts);
        PassRound(window);
        Assert.InRange(window.Size, cut + 8, cut + 20);
    }

    [Fact]
    public void RandomLossIsNoObjectionAndARelayThatIsFullIs()
    {
        var window = new PathWindow(_counters);
        for (var round = 0; round < 20; round++)
            PassRound(window, lostPercent: 10);
        Assert.Equal(0, _counters.WindowCuts);
        PassRound(window, lostPercent: 60);
        PassRound(window, lostPercent: 60);
        Assert.InRange(_counters.WindowCuts, 1, 3);
    }

    [Fact]
    public void OneFlowsSilenceIsNotTheRoutesWhileOthersAreHeard()
    {
        var window = new PathWindow(_counters);
        PassRound(window);
        window.OnSilence(_now + RoundTrip, RoundTrip, Duration.FromMilliseconds(200));
        Assert.True(window.SilentUntil < MonoTime.Zero);
        Assert.Equal(0, _counters.WindowCuts);
        window.OnSilence(_now + Duration.FromMilliseconds(300), RoundTrip, Duration.FromMilliseconds(200));
        Assert.Equal(_now + Duration.FromMilliseconds(300), window.SilentUntil);
        Assert.Equal(TransportLimits.FirstPathWindow, window.Size);
        for (var i = 1; i < 20; i++)
            window.OnSilence(_now + Duration.FromSeconds(i), RoundTrip, Duration.FromMilliseconds(200));
        Assert.Equal(TransportLimits.MinPathWindow, window.Size);
    }

    /// <summary>
    /// What went out before a route fell silent is found missing when the route is back, long after. The silence was answered
    /// already: a second answer would take from the route what it gives now, and have it creep from the smallest window on.
    /// </summary>
    [Fact]
    public void WhatALongSilenceTookIsNoObjectionOfTheRouteThatIsBack()
    {
        var net = new TransportNet(5);
        net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(550) };
        net.Pipe.IsCut = true;
        net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Bulk, 0, 0, out var flow);
        for (var number = 0; number < 1_500; number++)
            Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, [1], out _));
        net.RunFor(Duration.FromSeconds(17));
        var came = 0;
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out _))
                came++;
        };
        net.Pipe.IsCut = false;
        Assert.True(net.RunFor(Duration.FromSeconds(6), () => came > 0));
        var start = net.Now;
        Assert.True(net.RunFor(Duration.FromSeconds(60), () => came == 1_500), $"{came} of 1500 came after {net.Now - start}");
        Assert.True(net.Now - start < Duration.FromSeconds(10), $"it took {net.Now - start}");
    }

    [Fact]
    public void AWindowThatIsNotUsedDoesNotGrow()
    {
        var window = new PathWindow(_counters);
        for (var i = 0; i < 1_000; i++)
        {
            window.Recount(ref _told, 10);
            window.OnReceived(_now, 10);
            window.Recount(ref _told, 0);
        }

        Assert.Equal(TransportLimits.FirstPathWindow, window.Size);
    }

    [Fact]
    public void FlowsOverOneRouteShareItsWindowAndAnotherRouteHasItsOwn()
    {
        var layer = new TransportLayer(new BootEpoch(1), TransportOptions.Default);
        var sent = new Dictionary<(int Token, byte Flow), int>();
        for (byte i = 0; i < 16; i++)
        {
            layer.OpenStream(new NodeId(2), ServiceClass.Bulk, 0, i / 8, out var flow);
            for (var number = 0; number < TransportLimits.InitialWindow; number++)
                Assert.Equal(SendResult.Accepted, layer.Send(_now, flow, [i], out _));
        }

        var gate = ClassGate.AllOpen;
        var buffer = new byte[TransportLimits.MaxTransmit];
        while (layer.TryPollTransmit(_now, ref gate, buffer, out var transmit, out var length))
        {
            var key = (transmit.RouteToken, buffer[length - 1]);
            sent[key] = sent.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(2 * TransportLimits.FirstPathWindow, sent.Values.Sum());
        Assert.All(sent.Values, count => Assert.Equal(TransportLimits.FirstPathWindow / 8, count));
    }

    /// <summary>The destination takes nothing of some flows: what they have out for ever is not on the way.</summary>
    [Fact]
    public void FlowsThatAreStuckHoldUpNoOther()
    {
        var net = new TransportNet(3);
        var came = 0;
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out var message))
            {
                came += message.Payload[0] == 1 ? 1 : 0;
                if (message.Payload[0] == 0)
                    net.Layers[node].SetPaused(message.Flow, paused: true);
            }
        };
        for (var i = 0; i < 8; i++)
        {
            net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Bulk, 0, 0, out var stuck);
            for (var number = 0; number < TransportLimits.SendQueueSegments; number++)
                net.Layers[0].Send(net.Now, stuck, new byte[2], out _);
        }

        net.RunFor(Duration.FromSeconds(20));
        net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Bulk, 0, 0, out var flow);
        for (var number = 0; number < 500; number++)
            Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, [1], out _));
        Assert.True(net.RunFor(Duration.FromSeconds(10), () => came == 500), $"{came} of 500 came");
    }

    [Fact]
    public void EqualFlowsGetEqualParts()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var net = new TransportNet(seed);
            net.Pipe.Faults = new PipeFaults { Loss = 0.01, Mark = 0.01, Delay = Duration.FromMilliseconds(40), Jitter = Duration.FromMilliseconds(5) };
            var came = new int[2];
            net.Application = node =>
            {
                while (net.Layers[node].TryReceive(net.Now, out var message))
                    came[message.Payload[0]]++;
            };
            var flows = new FlowHandle[2];
            for (var i = 0; i < 2; i++)
                net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Bulk, 0, 0, out flows[i]);
            for (var step = 0; step < 1_000; step++)
            {
                for (byte i = 0; i < 2; i++)
                {
                    while (net.Layers[0].Send(net.Now, flows[i], [i], out _) == SendResult.Accepted)
                    {
                    }
                }

                net.RunFor(Duration.FromMilliseconds(10));
            }

            Assert.True(came.Min() >= 0.44 * came.Sum(), $"seed {seed}: {came[0]} and {came[1]}");
        }
    }

    /// <summary>A full window is on the way, is filled again as segments arrive, and a round trip passes.</summary>
    private void PassRound(PathWindow window, int lostPercent = 0)
    {
        var all = window.Size;
        window.Recount(ref _told, all);
        _now += RoundTrip;
        var lost = all * lostPercent / 100;
        for (var left = all - lost; left > 0; left -= 16)
            window.OnReceived(_now, Math.Min(16, left));

        if (lost > 0)
            window.OnLoss(_now, lost, RoundTrip);
        window.Recount(ref _told, 0);
    }
}
