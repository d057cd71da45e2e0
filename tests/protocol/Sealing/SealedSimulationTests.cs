using WeCan.Contracts;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Sealing;

/// <summary>docs/wire-format.md, section 7.8: what flows promise holds as well when all of it goes sealed, and nothing goes otherwise.</summary>
public sealed class SealedSimulationTests
{
    [Fact]
    public void EveryMessageOnceAndInOrderWhateverThePipeDoes()
    {
        for (var seed = 1UL; seed <= 120; seed++)
        {
            var net = Sealed(seed);
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var traffic = new StreamTraffic(net, seed) { MaxLength = net.Random.Chance(0.2) ? 60_000 : 4_000 };
            var flows = 1 + net.Random.Below(6);
            for (var i = 0; i < flows; i++)
                traffic.Open(i & 1, 1 - (i & 1), net.Random.Chance(0.5) ? ServiceClass.Signal : ServiceClass.Bulk, 1 + net.Random.Below(60));
            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.All(net.Layers, layer => Assert.True(layer.Counters.PacketsOpened > 0));
        }
    }

    [Fact]
    public void RestartsNeverRepeatOrReorderAndNobodyIsLeftWithKeysThatTheOtherHasNot()
    {
        for (var seed = 1UL; seed <= 120; seed++)
        {
            var net = Sealed(seed, nodes: 3);
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

            net.RunFor(Duration.FromSeconds(600), () => traffic.Flows.All(flow => flow.IsOver || flow.FromLife != net.Epochs[flow.From]));
            traffic.CheckComplete($"seed {seed}");
            Assert.All(traffic.Flows, flow => Assert.True(flow.IsOver || flow.FromLife != net.Epochs[flow.From], $"seed {seed}: flow {flow.Label} neither ended nor broke"));
        }
    }

    /// <summary>The origin learns of it at once, as who restarted says so, and not when its keys end after two minutes.</summary>
    [Fact]
    public void AfterARestartAFlowThatOnlySendsGoesOnSoon()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var net = Sealed(seed);
            net.Pipe.Faults = new PipeFaults { Loss = 0.02 * (seed % 5), Jitter = Duration.FromMilliseconds(20) };
            var traffic = new StreamTraffic(net, seed);
            var first = traffic.Open(0, 1, ServiceClass.Signal, 1_000, close: false);
            net.RunFor(Duration.FromSeconds(20), () => first.Confirmed == 1_000);
            net.Restart(1);
            var second = traffic.Open(0, 1, ServiceClass.Signal, 10);
            net.RunFor(Duration.FromSeconds(5), () => second.IsOver);
            Assert.True(second is { IsOver: true, Broken: null }, $"seed {seed}: {second.Broken}");
        }
    }

    /// <summary>
    /// The destination restarts while nothing is said, and a storm has left a timeout of many round trips: what is sealed for the
    /// life that is over goes again when the new one shows itself, and what was bound to the old one ends then.
    /// </summary>
    [Fact]
    public void WhatWasSealedForALifeThatIsOverGoesAgainAtOnce()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var net = Sealed(seed);
            net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(140), Jitter = Duration.FromSeconds(4) };
            var traffic = new StreamTraffic(net, seed) { MaxLength = 1_000 };
            var bound = traffic.Open(0, 1, ServiceClass.Bulk, 200, close: false);
            net.RunFor(Duration.FromSeconds(100), () => bound.Confirmed == 200);
            net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(140) };
            net.RunFor(Duration.FromSeconds(10));
            net.Restart(1);
            bound.Messages += 10;
            var fresh = traffic.Open(0, 1, ServiceClass.Signal, 10);
            net.RunFor(Duration.FromMilliseconds(1_500), () => fresh.IsOver && bound.IsOver);
            Assert.True(fresh is { IsOver: true, Broken: null }, $"seed {seed}: {fresh.Confirmed} confirmed, {fresh.Broken}");
            Assert.Equal(FlowEndReason.Restarted, bound.Broken);
        }
    }

    /// <summary>As when the membership took the peer out and in again: the destination lives on and has lost its keys.</summary>
    [Fact]
    public void WhatWasSealedWithKeysThatTheOtherHasLostGoesAgainAtOnce()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var net = Sealed(seed);
            net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(140), Jitter = Duration.FromSeconds(4) };
            var traffic = new StreamTraffic(net, seed) { MaxLength = 1_000 };
            var flow = traffic.Open(0, 1, ServiceClass.Bulk, 200, close: false);
            net.RunFor(Duration.FromSeconds(60), () => flow.Confirmed == 200);
            net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(140) };
            net.RunFor(Duration.FromSeconds(10));
            net.Release(1, 0);
            net.Require(1, 0);
            flow.Messages += 10;
            net.RunFor(Duration.FromMilliseconds(1_500), () => flow.Confirmed == 210);
            Assert.Equal((210UL, null), (flow.Confirmed, flow.Broken));
        }
    }

    /// <summary>Before the two seal, somebody shows the greatest epoch in the other's name. What their keys say is the truth.</summary>
    [Fact]
    public void ALifeThatWasShownInTheClearIsForgottenWhenKeysShowAnother()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var net = Sealed(seed);
            net.Release(0, 1);
            net.Release(1, 0);
            var lie = new byte[StreamHeader.MaxLength];
            var writer = new WireWriter(lie);
            new StreamHeader { OriginEpoch = new BootEpoch(uint.MaxValue), Sequence = 0 }.Write(ref writer);
            net.Layers[1].HandlePacket(net.Now, TransportNet.IdOf(0), ServiceClass.Signal, MonoTime.Never, false, lie.AsSpan(0, writer.Length));
            var traffic = new StreamTraffic(net, seed);
            var early = traffic.Open(1, 0, ServiceClass.Signal, 20, close: false);
            net.RunFor(Duration.FromMilliseconds(100 * (double)seed));
            Assert.True(net.Layers[1].Counters.Drops(TransportDrop.StaleLife) > 0);
            net.Require(0, 1);
            net.Require(1, 0);
            traffic.Open(0, 1, ServiceClass.Signal, 20);
            traffic.Open(1, 0, ServiceClass.Bulk, 20);
            net.RunFor(Duration.FromSeconds(30), () => early.Confirmed == 20 && traffic.Flows.All(flow => flow == early || flow.IsOver));
            Assert.All(traffic.Flows, flow => Assert.True(flow.Broken is null && flow.Confirmed == 20, $"seed {seed}: flow {flow.Label} {flow.Confirmed} confirmed, {flow.Broken}"));
        }
    }

    /// <summary>
    /// A restarted node's handshake is answered, and then nothing of it arrives until the other end has forgotten the session: so
    /// the two seal with keys that the other has not, until the restarted one begins anew.
    /// </summary>
    [Fact]
    public void ASessionThatTheOtherEndHasForgottenIsReplacedSoon()
    {
        var net = Sealed(1);
        var traffic = new StreamTraffic(net, 1);
        var first = traffic.Open(0, 1, ServiceClass.Signal, 10, close: false);
        net.RunFor(Duration.FromSeconds(5), () => first.Confirmed == 10);
        var (isCut, type) = (true, (byte)0);
        net.RouteFaults[0] = net.RouteFaults[TransportTransmit.NoRoute] = new PipeFaults { Loss = 1 };
        net.Sniffer = (_, _, packet) => type = packet[0];
        net.IsFaulty = (node, _) => isCut && node == 1 && type != SealingMessage.Initiation;
        net.Restart(1);
        var second = traffic.Open(0, 1, ServiceClass.Signal, 10);
        net.RunFor(SealingLimits.KeepPending + Duration.FromMilliseconds(200));
        Assert.Equal(1, net.Layers[1].Counters.SealingSessions);
        isCut = false;
        net.RunFor(Duration.FromSeconds(15), () => second.IsOver);
        Assert.True(second is { IsOver: true, Broken: null }, $"{second.Confirmed} confirmed, {second.Broken}");
    }

    [Fact]
    public void BothMayBeginAtOnce()
    {
        for (var seed = 1UL; seed <= 60; seed++)
        {
            var net = Sealed(seed);
            net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(1 + (seed * 11)), Loss = seed > 30 ? 0.2 : 0, Jitter = Duration.FromMilliseconds(seed % 7) };
            var traffic = new StreamTraffic(net, seed);
            traffic.Open(0, 1, ServiceClass.Signal, 20);
            traffic.Open(1, 0, ServiceClass.Signal, 20);
            net.RunFor(Duration.FromSeconds(60), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            if (seed <= 30)
                Assert.All(net.Layers, layer => Assert.Equal(1, layer.Counters.SealingSessions));
        }
    }

    /// <summary>Keys change four times, and no packet with a deadline of twice the way's delay misses it.</summary>
    [Theory]
    [InlineData(0, 20)]
    [InlineData(25, 50)]
    public void KeysChangeUnderLoadAndNobodyNotices(int jitter, int interval)
    {
        var net = Sealed(1);
        net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(40), Jitter = Duration.FromMilliseconds(jitter) };
        var received = 0;
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out _))
                received++;
        };
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, [new(30), TransportNet.IdOf(1)]);
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 3, Duration.FromMilliseconds(80), out var flow);
        net.Layers[0].Send(net.Now, flow, [1], out _);
        net.RunFor(Duration.FromSeconds(1));
        received = 0;
        for (var i = 0; i < 450_000 / interval; i++)
        {
            Assert.Equal(SendResult.Accepted, net.Layers[0].Send(net.Now, flow, new byte[100], out _));
            net.RunFor(Duration.FromMilliseconds(interval));
        }

        net.RunFor(Duration.FromSeconds(1));
        Assert.Equal(450_000 / interval, received);
        Assert.All(net.Layers, layer => Assert.Equal(5, layer.Counters.SealingSessions));
        Assert.All(net.Layers, layer => Assert.Equal(0, layer.Counters.Drops(TransportDrop.UnknownSeal) + layer.Counters.Drops(TransportDrop.SealReplayed)));
    }

    [Fact]
    public void StreamsGoOnThroughKeyChangesOnABadPath()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var net = Sealed(seed);
            net.Pipe.Faults = PipeFaults.Random(net.Random) with { Straggle = 0.02, StraggleDelay = Duration.FromSeconds(10) };
            var traffic = new StreamTraffic(net, seed) { MaxLength = 1_000 };
            var flows = new[] { traffic.Open(0, 1, ServiceClass.Signal, 40, close: false), traffic.Open(1, 0, ServiceClass.Bulk, 40, close: false) };
            for (var second = 0; second < 400; second += 2)
            {
                net.RunFor(Duration.FromSeconds(2));
                foreach (var flow in flows)
                    flow.Messages += 4;
            }

            net.RunFor(Duration.FromSeconds(300), () => flows.All(flow => flow.Confirmed == (ulong)flow.Messages));
            Assert.All(flows, flow => Assert.True(flow.Confirmed == (ulong)flow.Messages && flow.Broken is null, $"seed {seed}: {flow.Confirmed} of {flow.Messages}, {flow.Broken}"));
            Assert.All(net.Layers, layer => Assert.InRange(layer.Counters.SealingSessions, 4, 8));
        }
    }

    [Fact]
    public void AnOutageThatFlowsSurviveSealingSurvives()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var net = Sealed(seed);
            var traffic = new StreamTraffic(net, seed);
            traffic.Open(0, 1, ServiceClass.Signal, 5_000);
            traffic.Open(1, 0, ServiceClass.Signal, 5_000);
            net.RunFor(Duration.FromMilliseconds(5 + (12 * (double)seed)));
            net.Pipe.IsCut = true;
            net.RunFor(Duration.FromSeconds(250));
            net.Pipe.IsCut = false;
            net.RunFor(Duration.FromSeconds(60), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
        }
    }

    /// <summary>Which of the two hears of it first, and what is on the way meanwhile, costs time only.</summary>
    [Fact]
    public void FlowsGoOnWhenSealingIsRequiredAndReleasedUnderThem()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var net = Sealed(seed);
            net.Release(0, 1);
            net.Release(1, 0);
            net.Pipe.Faults = PipeFaults.Random(net.Random);
            var traffic = new StreamTraffic(net, seed);
            for (var i = 0; i < 4; i++)
                traffic.Open(i & 1, 1 - (i & 1), ServiceClass.Signal, 300);
            for (var change = 0; change < 6; change++)
            {
                net.RunFor(Duration.FromMilliseconds(net.Random.Below(800)));
                var node = (int)(seed + (ulong)change) & 1;
                if (change < 2 || change > 3)
                    net.Require(node, 1 - node);
                else
                    net.Release(node, 1 - node);
            }

            net.RunFor(Duration.FromSeconds(600), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
        }
    }

    private static TransportNet Sealed(ulong seed, int nodes = 2) => new(seed, nodes, isSealed: true);
}
