using WeCan.Contracts;
using WeCan.Protocol.Coding;
using WeCan.Protocol.Links;
using WeCan.Protocol.Tests.Links;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>Real traffic to start from: frames of a link, packets of two transports, and path packets around them.</summary>
internal static class Traffic
{
    /// <summary>The plaintexts of a link's datagrams: data whole and cut, acknowledgements with gaps, probes, an offer of new keys.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Frames()
    {
        var frames = new List<byte[]>();
        using var peer = new LyingPeer(victimInitiates: true);
        peer.OnSent = frames.Add;
        peer.Pass(Duration.FromMilliseconds(50));
        ReadOnlySpan<int> lengths = [30, 60, 700, 1_280, 900, 20];
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < lengths.Length; i++)
                peer.Enqueue((ServiceClass)((i + round) & 3), lengths[i], deadline: peer.Now + Duration.FromSeconds(1));
            peer.Next += (ulong)round;
            peer.Say([FrameType.Ping]);
            peer.Pass(Duration.FromMilliseconds(3));
            peer.Say([FrameType.Time, 0, 0, 1, 2, FrameType.Ack, 0, 0, 0, (byte)Math.Max(0, peer.SentCount - 1), 10, 0, (byte)Math.Max(0, peer.SentCount - 1), 0]);
            peer.Pass(Duration.FromMilliseconds(10));
        }

        for (var second = 0; second < 101; second++)
        {
            peer.Say([FrameType.Ping]);
            peer.Say([FrameType.Ack, .. Number(peer.SentCount - 1), 10, 0, 0, 0]);
            peer.Pass(Duration.FromSeconds(1));
        }

        var kinds = frames.GroupBy(frame => (frame[0], frame.Length / 200)).SelectMany(group => group.Take(2)).ToList();
        return kinds.Select((frame, i) => ($"sent-{i:D2}", frame));
    }

    /// <summary>Repairs of two symbols, of a window, of many runs, of as much as there can be, and of numbers that are about to turn over.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Repairs()
    {
        (string Name, ulong[] Symbols, int Length)[] repairs =
        [
            ("two", [7, 8], 3),
            ("window", [.. Enumerable.Range(100, 20).Select(i => (ulong)i)], 40),
            ("runs", [.. Enumerable.Range(0, 16).Select(i => (ulong)(i * 273))], 5),
            ("full", [.. Enumerable.Range(0, 64).Select(i => (ulong)(i + (i / 4 * 256)))], WireLimits.MaxPathPacket),
            ("turn", [0xFF_FFFE, 0xFF_FFFF, 0x100_0001], 9),
        ];
        foreach (var (name, symbols, length) in repairs)
        {
            var writer = new WireWriter(new byte[WireLimits.FullDatagram]);
            PacketBuffer[] packets = [.. symbols.Select((symbol, i) => new PacketBuffer(new byte[length]) { Length = length - (i % 2), Symbol = symbol, Piece = DataFrame.Whole })];
            foreach (var packet in packets)
                packet.Packet.Fill((byte)packet.Symbol);
            RepairEncoder.Write(ref writer, ServiceClass.Realtime, 9, packets);
            yield return (name, writer.Written.ToArray());
        }
    }

    /// <summary>Every kind of transport packet, as two layers send them to each other.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> TransportPackets() =>
        TransportExchange().GroupBy(packet => (packet.Bytes[0], packet.Bytes.Length > 600)).SelectMany(group => group.Take(2)).Select((packet, i) => ($"packet-{i:D2}", packet.Bytes));

    public static List<(ServiceClass Class, byte[] Bytes)> TransportExchange()
    {
        var packets = new List<(ServiceClass, byte[])>();
        TransportLayer[] layers = [new(new BootEpoch(5), TransportOptions.Default), new(new BootEpoch(5), TransportOptions.Default)];
        layers[0].OpenStream(new NodeId(2), ServiceClass.Signal, 0, 0, out var signal);
        layers[0].OpenStream(new NodeId(2), ServiceClass.Bulk, 0, 0, out var bulk);
        layers[0].SetRoute(new NodeId(2), 0, [new(30), new NodeId(2)]);
        layers[0].SetRoute(new NodeId(2), 1, [new(31), new NodeId(2)]);
        layers[0].OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out var realtime);
        layers[0].OpenRealtime(new NodeId(2), 0, Duration.FromSeconds(1), out var doubled, paths: 2);
        var now = MonoTime.FromSeconds(10);
        var buffer = new byte[TransportLimits.MaxTransmit];
        for (var step = 0; step < 40; step++)
        {
            foreach (var flow in (FlowHandle[])[signal, bulk, realtime, doubled])
                layers[0].Send(now, flow, new byte[step % 4 == 0 ? 5_000 : 50], out _);
            if (step == 30)
                layers[0].Close(now, signal);
            for (var from = 0; from < 2; from++)
            {
                var gate = ClassGate.AllOpen;
                while (layers[from].TryPollTransmit(now, ref gate, buffer, out var transmit, out var length))
                {
                    byte[] packet = [.. buffer.AsSpan(0, length)];
                    packets.Add((transmit.Class, packet));
                    if (packets.Count % 9 != 0)
                        layers[1 - from].HandlePacket(now, new NodeId((ushort)(from + 1)), transmit.Class, transmit.Deadline, marked: false, packet);
                }

                while (layers[from].TryReceive(now, out _))
                {
                }

                layers[from].HandleTimeout(now);
            }

            now += Duration.FromMilliseconds(100);
        }

        return packets;
    }

    /// <summary>A class and a packet with a route around a transport packet: to the node 3, from 2, straight, from afar, and to be passed on to 9.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> PathPackets()
    {
        var exchange = TransportExchange();
        ushort[][] routes = [[2, 3], [1, 2, 3], [2, 3, 9], [7, 6, 5, 4, 2, 3, 9, 8]];
        var count = 0;
        var header = new byte[WireLimits.MaxPathHeader];
        foreach (var route in routes)
        {
            foreach (var (serviceClass, packet) in exchange.GroupBy(p => (p.Class, p.Bytes[0] & 0xF1)).Select(group => group.First()))
            {
                var length = PathHeader.Write(header, serviceClass, 3, 12, [.. route.Select(node => new NodeId(node))]);
                header[2] = (byte)((header[2] & ~7) | Array.IndexOf(route, (ushort)3));
                yield return ($"path-{count++:D2}", [(byte)serviceClass, .. header.AsSpan(0, length), .. packet.AsSpan(0, Math.Min(packet.Length, 90))]);
            }
        }

        // One failed link between the route and the payload.
        yield return ("failed-link", [2, 0, 12, 0x09, 0, 2, 0, 3, 0, 5, 0, 6, 1, 2, 3]);
    }

    /// <summary>Packets from 2 whose next hop 3 has no link to, so that they need a detour: to 8 and to 4, with none, one and two failed links.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> RoutesThatEndHere()
    {
        var header = new byte[WireLimits.MaxPathHeader];
        FailedLink[] failed = [new(new(6), new(8)), new(new(9), new(1))];
        foreach (var destination in (ushort[])[8, 4])
        {
            for (var count = 0; count <= failed.Length; count++)
            {
                var length = PathHeader.Write(header, ServiceClass.Signal, 3, 12, [new(1), new(2), new(3), new(77), new(destination)], failed.AsSpan(0, count));
                header[2]++;
                yield return ($"detour-{destination}-{count}", [(byte)ServiceClass.Signal, .. header.AsSpan(0, length), 1, 2, 3]);
            }
        }
    }

    public static IEnumerable<(string Name, byte[] Bytes)> MulticastPackets()
    {
        var packet = new byte[80];
        foreach (var serviceClass in (ServiceClass[])[ServiceClass.Realtime, ServiceClass.Signal])
        {
            foreach (var bits in (byte[][])[[1], [3], [0, 0, 0x80], [.. Enumerable.Repeat((byte)0xFF, 32)]])
            {
                var length = MulticastHeader.Write(packet, serviceClass, 5, 4, new(300), 2, bits);
                yield return ($"multicast-{serviceClass}-{bits.Length}-{bits[0]}", [(byte)serviceClass, .. packet.AsSpan(0, length), 1, 2, 3]);
            }
        }
    }

    private static byte[] Number(int number) => [(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number];
}
