using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Wan;

public sealed class WanNetworkTests
{
    private const string Two = "host a 10.0.0.1\nhost b 10.0.0.2\n";
    private const string Bad = "delay 10 jitter 3 loss 8 burst 2 rate 20 queue 5 dup 5 corrupt 5 reorder 5";
    private static readonly NetAddress A = NetAddress.FromIPv4(0x0A000001, 4_600);
    private static readonly NetAddress B = NetAddress.FromIPv4(0x0A000002, 4_700);

    [Fact]
    public void ADatagramArrivesAfterItsDelayWithBothAddresses()
    {
        var network = Network("link a b delay 40");
        Assert.Equal(PacketFate.Carried, network.Send(Ms(1), A, B, [1, 2, 3]));
        Assert.Equal(Ms(41), network.NextEvent);
        Assert.Equal(1, network.InFlight);
        Assert.False(network.TryReceive(Ms(40), out _));
        Assert.True(network.TryReceive(Ms(41), out var delivery));
        Assert.Equal(new(A, B, 0, 1), delivery.Route);
        Assert.Equal(Ms(41), delivery.Due);
        Assert.Equal([1, 2, 3], delivery.Datagram.ToArray());
        Assert.True(network.NextEvent.IsNever);
        var counters = network.Counters(0, 1);
        Assert.Equal((1, 31, 1, 31), (counters.Sent, counters.SentBytes, counters.Delivered, counters.DeliveredBytes));
        Assert.Equal(default, network.Counters(1, 0));
    }

    [Fact]
    public void WhatNoHostOwnsGoesNowhere()
    {
        var network = Network("");
        Assert.Equal(PacketFate.NoRoute, network.Send(Ms(0), A, NetAddress.FromIPv4(0x0A000003, 1), [1]));
        Assert.Equal(PacketFate.NoRoute, network.Send(Ms(0), new(1, 2, 3), B, [1]));
        Assert.Equal(PacketFate.NoRoute, network.Send(Ms(0), A, A with { Port = 9 }, [1]));
        Assert.Equal(3, network.Unroutable);
    }

    [Fact]
    public void PacketsCountTheirHeadersAgainstRateAndMtu()
    {
        var network = Network("path a b rate 12\npath b a mtu 1280");
        network.Send(Ms(0), A, B, new byte[1_472]);
        Assert.Equal(Ms(1), network.NextEvent);
        Assert.Equal(PacketFate.TooBig, network.Send(Ms(0), A, B, new byte[1_473]));
        Assert.Equal(PacketFate.Carried, network.Send(Ms(0), B, A, new byte[1_252]));
        Assert.Equal(PacketFate.TooBig, network.Send(Ms(0), B, A, new byte[1_253]));
        Assert.Equal(PacketFate.TooBig, network.Send(Ms(0), B, A, new byte[100_000]));
    }

    [Fact]
    public void TimedChangesComeAtTheirTimesAndBeforeThePacketsOfThatTime()
    {
        var network = Network("link a b delay 10\nat 0.02 host b down\nat 0.03 host b up\nat 0.04 link a b down");
        network.Send(Ms(5), A, B, [5]);
        network.Send(Ms(10), A, B, [10]);
        network.Send(Ms(15), A, B, [15]);
        Assert.True(network.TryReceive(Ms(35), out var delivery));
        Assert.Equal(5, delivery.Datagram[0]);
        Assert.False(network.TryReceive(Ms(35), out _));
        Assert.Equal(2, network.Counters(0, 1).Unreceived);
        Assert.Equal(Ms(40), network.NextEvent);
        Assert.Equal(PacketFate.Carried, network.Send(Ms(39), A, B, [39]));
        Assert.Equal(PacketFate.Lost, network.Send(Ms(40), A, B, [40]));
        Assert.True(network.TryReceive(Ms(60), out _));
    }

    [Fact]
    public void AHostThatIsDownNeitherSendsNorReceives()
    {
        var network = Network("host b down");
        Assert.Equal(PacketFate.Lost, network.Send(Ms(0), A, B, [1]));
        Assert.Equal(PacketFate.Lost, network.Send(Ms(0), B, A, [1]));
        network.Apply("host b up");
        Assert.Equal(PacketFate.Carried, network.Send(Ms(0), B, A, [1]));
    }

    [Fact]
    public void AnyChangeCanBeMadeWhileItRuns()
    {
        var network = Network("link a b delay 10");
        network.Send(Ms(0), A, B, [1]);
        network.Apply("link a b down");
        Assert.Equal(PacketFate.Lost, network.Send(Ms(0), A, B, [2]));
        network.Apply("path a b up delay 5");
        Assert.Equal(PacketFate.Carried, network.Send(Ms(0), A, B, [3]));
        Assert.Equal(PacketFate.Lost, network.Send(Ms(0), B, A, [3]));
        network.Apply("default loss 100");
        Assert.Equal(Duration.Zero, network.Settings(0, 1).Delay);
        Assert.Equal(PacketFate.Lost, network.Send(Ms(0), A, B, [4]));
        Assert.Throws<ArgumentException>(() => network.Apply("host a crash"));
        Assert.Throws<FormatException>(() => network.Apply("link a z down"));
    }

    [Fact]
    public void CorruptionFlipsOneBit()
    {
        var network = Network("link a b corrupt 100");
        for (var i = 0; i < 1_000; i++)
        {
            network.Send(Ms(i), A, B, new byte[50]);
            Assert.True(network.TryReceive(Ms(i), out var delivery));
            Assert.Equal(1, delivery.Datagram.ToArray().Sum(value => int.PopCount(value)));
        }
    }

    [Fact]
    public void EveryPacketIsAccountedFor()
    {
        var network = Network($"link a b {Bad}\nat 2 host b down\nat 2.5 host b up");
        var received = Pump(network, 20_000, null);
        foreach (var counters in (LinkCounters[])[network.Counters(0, 1), network.Counters(1, 0)])
        {
            Assert.Equal(counters.Sent + counters.Duplicated, counters.Lost + counters.Overflowed + counters.TooBig + counters.Delivered + counters.Unreceived);
            Assert.All(
                (long[])[counters.Lost, counters.Overflowed, counters.Delivered, counters.Duplicated, counters.Corrupted, counters.Reordered],
                count => Assert.True(count > 100));
        }

        Assert.True(network.Counters(0, 1).Unreceived > 0);
        Assert.Equal(received, network.Counters(0, 1).Delivered + network.Counters(1, 0).Delivered);
        Assert.Equal(0, network.InFlight);
    }

    [Fact]
    public void TheSeedDecidesTheRun()
    {
        ulong[] prints = [Print(1), Print(1), Print(2)];
        Assert.Equal(prints[0], prints[1]);
        Assert.NotEqual(prints[0], prints[2]);

        static ulong Print(ulong seed)
        {
            var fingerprint = new Fingerprint();
            Pump(Network($"link a b {Bad}", seed), 2_000, fingerprint);
            return fingerprint.Value;
        }
    }

    [Fact]
    public void TrafficOnOneLinkLeavesTheLuckOfAnotherAlone()
    {
        Assert.Equal(Fates(busy: false), Fates(busy: true));

        static List<PacketFate> Fates(bool busy)
        {
            var network = Network("link a b loss 50");
            var fates = new List<PacketFate>();
            for (var i = 0; i < 200; i++)
            {
                if (busy)
                    network.Send(Ms(i), B, A, [1]);
                fates.Add(network.Send(Ms(i), A, B, [1]));
            }

            return fates;
        }
    }

    [Fact]
    public void PacketsBeyondTheBoundAreRefusedAndSaid()
    {
        var network = new WanNetwork(Scenario.Parse(Two + "link a b delay 10"), maxInFlight: 8);
        var fates = Enumerable.Range(0, 10).Select(_ => network.Send(Ms(0), A, B, [1])).ToArray();
        Assert.Equal(7, fates.Count(fate => fate == PacketFate.Carried));
        Assert.Equal(3, network.Refused);
        while (network.TryReceive(Ms(10), out _))
        {
        }

        Assert.Equal(PacketFate.Carried, network.Send(Ms(10), A, B, [1]));
    }

    [Fact]
    public void SteadyTrafficAllocatesNothing()
    {
        var network = Network($"link a b {Bad}");
        var buffer = new byte[1_200];
        var i = 0;
        Run(4_000);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; what allocates by itself does so every time.
        for (var attempt = 0; attempt < 3 && allocated != 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Run(4_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);

        void Run(int count)
        {
            for (var end = i + count; i < end; i++)
            {
                var now = MonoTime.Zero + Duration.FromMicroseconds(i * 400L);
                network.Send(now, A, B, buffer.AsSpan(0, i % 1_200));
                network.Send(now, B, A, buffer.AsSpan(0, i % 1_200));
                while (network.TryReceive(now, out _))
                {
                }
            }
        }
    }

    private static int Pump(WanNetwork network, int packets, Fingerprint? fingerprint)
    {
        var received = 0;
        var buffer = new byte[1_000];
        for (var i = 0; i < packets; i++)
        {
            var now = MonoTime.Zero + Duration.FromMicroseconds(i * 300L);
            BitConverter.TryWriteBytes(buffer, i);
            network.Send(now, A, B, buffer);
            network.Send(now, B, A, buffer.AsSpan(0, 900));
            received += Drain(now);
        }

        return received + Drain(Ms(1_000_000));

        int Drain(MonoTime now)
        {
            var count = 0;
            while (network.TryReceive(now, out var delivery))
            {
                fingerprint?.Add(delivery.Due.Nanoseconds);
                fingerprint?.Add(delivery.Datagram);
                count++;
            }

            return count;
        }
    }

    private static WanNetwork Network(string lines, ulong seed = 1) => new(Scenario.Parse($"seed {seed}\n{Two}{lines}"));

    private static MonoTime Ms(double milliseconds) => MonoTime.Zero + Duration.FromMilliseconds(milliseconds);
}
