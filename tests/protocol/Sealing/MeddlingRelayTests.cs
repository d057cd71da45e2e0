using WeCan.Contracts;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Sealing;

/// <summary>docs/wire-format.md, section 7.8: whoever passes sealed packets on can lose and delay them, and nothing else.</summary>
public sealed class MeddlingRelayTests
{
    private static readonly TransportDrop[] Refusals =
    [
        TransportDrop.Malformed, TransportDrop.WrongClass, TransportDrop.Unsealed, TransportDrop.UnknownSeal, TransportDrop.SealBroken,
        TransportDrop.SealReplayed, TransportDrop.SealingRefused, TransportDrop.SealingBudget,
    ];

    /// <summary>Every changed copy comes before the original, and every old packet comes again: each is dropped, and counted.</summary>
    [Fact]
    public void NothingThatARelayChangesSwapsOrRepeatsGetsThroughAndAllOfItIsCounted()
    {
        var meddled = new long[6];
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var net = new TransportNet(seed, nodes: 3, isSealed: true);
            net.Pipe.Faults = new PipeFaults { Delay = Duration.FromMilliseconds(20), Jitter = Duration.FromMilliseconds(15) };
            var random = new SimRandom(seed);
            var old = new List<(int From, TransportTransmit To, byte[] Bytes, MonoTime At)>();
            net.Sniffer = (from, to, bytes) =>
            {
                old.Add((from, to, bytes, net.Now));
                if (!random.Chance(0.3))
                    return;
                var kind = random.Below(meddled.Length);
                var victim = kind == 5 ? old[random.Below(old.Count)] : old[^1];
                if (victim.Bytes[0] != SealedPacket.Type || (kind == 5 && net.Now - victim.At < Duration.FromMilliseconds(50)))
                    return;
                meddled[kind]++;
                Meddle(net, random, kind, victim.From, victim.To, victim.Bytes, seed);
            };
            var traffic = new StreamTraffic(net, seed);
            for (var i = 0; i < 6; i++)
                traffic.Open(i % 3, (i + 1 + (i / 3)) % 3, (i & 1) == 0 ? ServiceClass.Signal : ServiceClass.Bulk, 250);
            net.RunFor(Duration.FromSeconds(60), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
            Assert.Equal(0, net.Layers[0].Counters.SegmentsRetransmitted);
        }

        Assert.All(meddled, count => Assert.True(count > 300, $"hardly meddled: {count}"));
    }

    /// <summary>A handshake's messages, changed, repeated or sent to others, make no session and stop none.</summary>
    [Fact]
    public void ARelayThatMeddlesWithHandshakesOnlyDelaysThem()
    {
        var meddled = 0;
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var net = new TransportNet(seed, nodes: 3, isSealed: true);
            net.Pipe.Faults = new PipeFaults { Loss = 0.2, Jitter = Duration.FromMilliseconds(40) };
            var random = new SimRandom(seed);
            var old = new List<(int From, TransportTransmit To, byte[] Bytes)>();
            net.Sniffer = (from, to, bytes) =>
            {
                if (bytes[0] == SealedPacket.Type)
                    return;
                old.Add((from, to, bytes));
                for (var i = 0; i < 3; i++)
                {
                    meddled++;
                    var victim = old[random.Below(old.Count)];
                    var changed = victim.Bytes.ToArray();
                    if (random.Chance(0.6))
                        changed[random.Below(changed.Length)] ^= (byte)(1 << random.Below(8));
                    var target = random.Chance(0.8) ? victim.To.Destination.Value - 1 : random.Below(3);
                    net.Layers[target].HandlePacket(net.Now, TransportNet.IdOf(random.Chance(0.8) ? victim.From : random.Below(3)), ServiceClass.Control, MonoTime.Never, false, changed);
                }
            };
            var traffic = new StreamTraffic(net, seed);
            for (var i = 0; i < 6; i++)
                traffic.Open(i % 3, (i + 1 + (i / 3)) % 3, ServiceClass.Signal, 10);
            net.RunFor(Duration.FromSeconds(60), () => traffic.IsDone);
            traffic.CheckComplete($"seed {seed}");
        }

        Assert.True(meddled > 500, $"hardly meddled: {meddled}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoPassesPacketsOnSeesNothingOfWhatTheyCarry(bool isSealed)
    {
        var secret = "the quick brown fox"u8.ToArray();
        var net = new TransportNet(1, isSealed: isSealed);
        var seen = 0;
        var packets = 0;
        net.Sniffer = (_, _, bytes) =>
        {
            packets++;
            seen += bytes.AsSpan().IndexOf(secret) >= 0 || (bytes[0] >> 4) < 8 ? 1 : 0;
        };
        var received = 0;
        net.Application = node =>
        {
            while (net.Layers[node].TryReceive(net.Now, out var message))
                received += message.Payload.IndexOf(secret) >= 0 ? 1 : 0;
        };
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 0, [new(30), TransportNet.IdOf(1)]);
        net.Layers[0].SetRoute(TransportNet.IdOf(1), 1, [new(31), TransportNet.IdOf(1)]);
        net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Signal, 0, 0, out var stream);
        net.Layers[0].OpenRealtime(TransportNet.IdOf(1), 0, Duration.FromSeconds(1), out var realtime, paths: 2);
        for (var i = 0; i < 100; i++)
        {
            byte[] message = [.. new byte[i * 30], .. secret, .. new byte[100]];
            net.Layers[0].Send(net.Now, stream, message, out _);
            net.Layers[0].Send(net.Now, realtime, message, out _);
            net.RunFor(Duration.FromMilliseconds(20));
        }

        net.RunFor(Duration.FromSeconds(2));
        Assert.Equal(200, received);
        Assert.True(packets > 400);
        Assert.Equal(isSealed, seen == 0);
    }

    [Fact]
    public void NothingInTheClearIsTakenFromOrSentToAPeerThatRequiresSealing()
    {
        var net = new TransportNet(1, isSealed: true);
        net.Release(0, 1);
        byte[]? clear = null;
        net.Sniffer = (from, _, bytes) => clear ??= from == 0 ? bytes : null;
        net.Layers[0].OpenStream(TransportNet.IdOf(1), ServiceClass.Signal, 0, 0, out var flow);
        net.Layers[0].Send(net.Now, flow, new byte[100], out _);
        net.RunFor(Duration.FromSeconds(5));
        Assert.Equal(1, clear![0] >> 4);
        Assert.Equal(0, net.Layers[1].InboundCount);
        Assert.Equal(net.Layers[1].Counters.PacketsReceived, net.Layers[1].Counters.Drops(TransportDrop.Unsealed));
        Assert.Equal(0, net.Layers[1].Counters.PacketsSent);
        Assert.False(net.Layers[1].TryReceive(net.Now, out _));
    }

    private static void Meddle(TransportNet net, SimRandom random, int kind, int from, TransportTransmit to, byte[] bytes, ulong seed)
    {
        var changed = bytes.ToArray();
        var (origin, target, serviceClass) = (from, to.Destination.Value - 1, to.Class);
        switch (kind)
        {
            case 0:
                changed[random.Below(changed.Length)] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                changed = changed[..random.Below(changed.Length)];
                break;
            case 2:
                target = 3 - from - target;
                break;
            case 3:
                origin = 3 - from - target;
                break;
            case 4:
                serviceClass = (ServiceClass)(((int)serviceClass + 1 + random.Below(3)) % 4);
                break;
        }

        var counters = net.Layers[target].Counters;
        var (opened, refused) = (counters.PacketsOpened, Refusals.Sum(counters.Drops));
        net.Layers[target].HandlePacket(net.Now, TransportNet.IdOf(origin), serviceClass, net.Now + Duration.FromSeconds(1), false, changed);
        Assert.True(counters.PacketsOpened == opened, $"seed {seed}: a packet meddled with by way {kind} was opened");
        Assert.True(Refusals.Sum(counters.Drops) == refused + 1, $"seed {seed}: a packet meddled with by way {kind} was not counted once");
    }
}
