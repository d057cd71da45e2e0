using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>A peer that sends whatever it likes: no exception, bounded memory, at most one packet out for each one in.</summary>
public sealed class TransportAbuseTests
{
    private static readonly TransportOptions Tight = new()
    {
        ReceiveMemory = 8 << 20,
        ReceiveMemoryPerOrigin = 4 << 20,
        JoinMemory = 4 << 20,
        SendMemory = 4 << 20,
        MaxInboundFlows = 300,
        MaxInboundFlowsPerOrigin = 200,
    };

    /// <summary>Real traffic between two nodes, each packet also handed over mutated several times.</summary>
    [Fact]
    public void MutatedPacketsDoNoHarm()
    {
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var random = new SimRandom(seed);
            var now = MonoTime.FromSeconds(10);
            TransportLayer[] layers = [new(new BootEpoch(5), Tight), new(new BootEpoch(5), Tight)];
            var handles = new List<FlowHandle>();
            layers[0].OpenStream(new NodeId(2), ServiceClass.Signal, 0, 0, out var signal);
            layers[0].OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out var realtime);
            handles.Add(signal);
            handles.Add(realtime);
            var buffer = new byte[TransportLimits.MaxTransmit];
            for (var step = 0; step < 150; step++)
            {
                layers[0].Send(now, handles[random.Below(2)], new byte[random.Below(6_000)], out _);
                for (var from = 0; from < 2; from++)
                {
                    var gate = ClassGate.AllOpen;
                    while (layers[from].TryPollTransmit(now, ref gate, buffer, out var transmit, out var length))
                    {
                        for (var copy = random.Below(4); copy >= 0; copy--)
                        {
                            byte[] packet = [.. buffer.AsSpan(0, length)];
                            if (copy > 0)
                                Mutate(random, ref packet);
                            var serviceClass = random.Chance(0.05) ? (ServiceClass)random.Below(4) : transmit.Class;
                            layers[1 - from].HandlePacket(now, new NodeId((ushort)(from + 1)), serviceClass, transmit.Deadline, random.Chance(0.1), packet);
                        }
                    }

                    Check(layers[from], seed);
                    while (random.Chance(0.8) && layers[from].TryReceive(now, out _))
                    {
                    }

                    while (layers[from].TryPollEvent(out var happened))
                    {
                        if (happened.Flow == signal && happened.Kind == TransportEventKind.FlowBroken)
                            layers[0].OpenStream(new NodeId(2), ServiceClass.Signal, 0, 0, out signal);
                        handles[0] = signal;
                    }

                    layers[from].HandleTimeout(now);
                }

                now += Duration.FromMilliseconds(random.Below(100));
            }
        }
    }

    /// <summary>Well-formed packets with any fields, over many origins and flows.</summary>
    [Fact]
    public void WellFormedNonsenseIsBoundedAndNotAmplified()
    {
        for (var seed = 1UL; seed <= 10; seed++)
        {
            var random = new SimRandom(seed);
            var now = MonoTime.FromSeconds(10);
            var layer = new TransportLayer(new BootEpoch(5), Tight);
            var buffer = new byte[TransportLimits.MaxTransmit];
            var sent = 0;
            const int Packets = 15_000;
            for (var i = 0; i < Packets; i++)
            {
                var (packet, serviceClass) = Nonsense(random);
                layer.HandlePacket(now, new NodeId((ushort)(1 + random.Below(4))), serviceClass, now + Duration.FromSeconds(random.Below(20)), false, packet);
                var gate = ClassGate.AllOpen;
                while (layer.TryPollTransmit(now, ref gate, buffer, out _, out _))
                    sent++;
                Check(layer, seed);
                if (random.Chance(0.02))
                {
                    now += Duration.FromMilliseconds(random.Below(200));
                    layer.HandleTimeout(now);
                }
            }

            Assert.True(sent <= Packets, $"seed {seed}: {sent} packets answered {Packets}");

            // All of it is given back when the flows are over and the application has caught up.
            now += TransportLimits.StreamIdle + Duration.FromSeconds(1);
            layer.HandleTimeout(now);
            while (layer.TryReceive(now, out _) || layer.TryPollEvent(out _))
            {
            }

            Assert.True(layer.InboundCount == 0, $"seed {seed}: {layer.InboundCount} flows are left");
            Assert.True(layer.ReceiveBytes == 0 && layer.JoinBytes == 0, $"seed {seed}: {layer.ReceiveBytes} and {layer.JoinBytes} bytes are left");
        }
    }

    [Fact]
    public void RandomBytesDoNoHarm()
    {
        var random = new SimRandom(9);
        var layer = new TransportLayer(new BootEpoch(5), Tight);
        for (var i = 0; i < 50_000; i++)
        {
            var packet = new byte[random.Below(60)];
            random.Fill(packet);
            if (packet.Length > 0 && random.Chance(0.9))
                packet[0] = (byte)((1 + random.Below(4)) << 4 | random.Below(4));
            layer.HandlePacket(MonoTime.FromSeconds(1), new NodeId((ushort)random.Below(3)), (ServiceClass)random.Below(4), MonoTime.FromSeconds(2), true, packet);
        }

        Check(layer, 9);
    }

    private static (byte[] Packet, ServiceClass Class) Nonsense(SimRandom random)
    {
        var writer = new WireWriter(new byte[TransportLimits.MaxPacket]);
        var origin = new BootEpoch((uint)(random.Chance(0.001) ? 7 : 6));
        var flow = (uint)random.Below(random.Chance(0.9) ? 100 : 100_000);
        switch (random.Below(8))
        {
            case < 4:
                var begins = random.Chance(0.5);
                var ends = random.Chance(0.5);
                var length = random.Chance(0.5) ? 1_200 : 1 + random.Below(1_200);
                new StreamHeader
                {
                    OriginEpoch = origin,
                    Flow = flow,
                    DestinationEpoch = random.Chance(0.8) ? BootEpoch.None : new BootEpoch(5),
                    Sequence = (uint)random.Below(random.Chance(0.8) ? 8 : 2_000),
                    Part = new(begins, ends, begins && !ends ? 1_201 + random.Below(WireLimits.MaxMessage - 1_201) : 0),
                }.Write(ref writer);
                writer.Reserve(length);
                return (writer.Written.ToArray(), ServiceClass.Signal);
            case < 7:
                var count = 1 + random.Below(874);
                var index = random.Below(count);
                new RealtimeHeader
                {
                    OriginEpoch = origin,
                    Flow = flow + 200_000,
                    Sequence = (uint)random.Below(5_000),
                    Index = (ushort)index,
                    Count = (ushort)count,
                }.Write(ref writer);
                writer.Reserve(index == count - 1 ? 700 : 1_200);
                return (writer.Written.ToArray(), ServiceClass.Realtime);
            default:
                new ResetPacket
                {
                    FromOrigin = random.Chance(0.5),
                    OriginEpoch = random.Chance(0.5) ? origin : new BootEpoch(5),
                    Flow = flow,
                    DestinationEpoch = new BootEpoch(5),
                    Reason = ResetReason.Unknown,
                }.Write(ref writer);
                return (writer.Written.ToArray(), ServiceClass.Control);
        }
    }

    private static void Mutate(SimRandom random, ref byte[] packet)
    {
        switch (random.Below(4))
        {
            case 0:
                packet = packet[..random.Below(packet.Length + 1)];
                break;
            case 1:
                packet[random.Below(Math.Min(packet.Length, 24))] = (byte)random.Next();
                break;
            case 2:
                packet[random.Below(Math.Min(packet.Length, 24))] ^= (byte)(1 << random.Below(8));
                break;
            default:
                packet[0] = (byte)random.Next();
                break;
        }
    }

    private static void Check(TransportLayer layer, ulong seed)
    {
        Assert.True(layer.ReceiveBytes <= Tight.ReceiveMemory, $"seed {seed}: receive memory");
        Assert.True(layer.JoinBytes <= Tight.JoinMemory, $"seed {seed}: join memory");
        Assert.True(layer.SendBytes <= Tight.SendMemory, $"seed {seed}: send memory");
        Assert.True(layer.InboundCount <= Tight.MaxInboundFlows, $"seed {seed}: flows");
    }
}
