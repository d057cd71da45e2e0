using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Fuzz.Tests.Targets;

/// <summary>Packets of multicast flows, as an origin and three destinations with losses send them to each other.</summary>
internal static class MulticastTraffic
{
    private const int Nodes = 4;

    /// <summary>Segments, with the edge that reads them in front.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Segments() =>
        Packets().Where(packet => packet.Bytes[0] >> 4 == 5).Select((packet, i) => ($"segment-{i:D2}", (byte[])[(byte)(i % Nodes), .. packet.Bytes]));

    public static IEnumerable<(string Name, byte[] Bytes)> Packets() => Exchange()
        .Where(packet => packet.Bytes[0] >> 4 is 5 or 6)
        .GroupBy(packet => (packet.Bytes[0], packet.Bytes.Length / 12 % 6, packet.Bytes.Length > 600))
        .SelectMany(group => group.Take(2))
        .Select((packet, i) => ($"packet-{i:D2}", packet.Bytes));

    /// <summary>With the node that each is for, or none for a multicast.</summary>
    public static List<(ServiceClass Class, NodeId To, byte[] Bytes)> Exchange()
    {
        var packets = new List<(ServiceClass, NodeId, byte[])>();
        var layers = Enumerable.Range(0, Nodes).Select(_ => new TransportLayer(new BootEpoch(5), TransportOptions.Default)).ToArray();
        for (ushort node = 0; node < Nodes; node++)
        {
            layers[0].SetEdge(node, new NodeId((ushort)(node + 1)), isSelf: node == 0);
            layers[node].SetEdge(node, new NodeId((ushort)(node + 1)), isSelf: true);
        }

        layers[0].OpenMulticast(ServiceClass.Signal, 0, out var signal);
        layers[0].OpenMulticast(ServiceClass.Bulk, 0, out var bulk);
        var now = MonoTime.FromSeconds(10);
        var buffer = new byte[TransportLimits.MaxTransmit];
        for (var step = 0; step < 60; step++)
        {
            var edges = new EdgeSet();
            for (ushort node = 1; node < Nodes; node++)
            {
                if ((step * node % 5) < 3)
                    edges.Add(node);
            }

            layers[0].SendMulticast(now, step % 3 == 0 ? bulk : signal, edges, new byte[step % 7 == 0 ? 3_000 : 20], out _);
            for (var from = 0; from < Nodes; from++)
            {
                var gate = ClassGate.AllOpen;
                while (layers[from].TryPollTransmit(now, ref gate, buffer, out var transmit, out var length))
                {
                    packets.Add((transmit.Class, transmit.Destination, buffer.AsSpan(0, length).ToArray()));
                    Deliver(now, layers, from, transmit, buffer.AsSpan(0, length), packets.Count);
                }

                while (layers[from].TryReceive(now, out _))
                {
                }

                layers[from].HandleTimeout(now);
            }

            now += Duration.FromMilliseconds(40);
        }

        return packets;
    }

    private static void Deliver(MonoTime now, TransportLayer[] layers, int from, in TransportTransmit transmit, ReadOnlySpan<byte> packet, int count)
    {
        var origin = new NodeId((ushort)(from + 1));
        if (transmit.Targets is not { } targets)
        {
            if (count % 5 != 0)
                layers[transmit.Destination.Value - 1].HandlePacket(now, origin, transmit.Class, transmit.Deadline, marked: false, packet);
            return;
        }

        for (uint bits = targets.Bits[0]; bits != 0; bits &= bits - 1)
        {
            var node = BitOperations.TrailingZeroCount(bits);
            if ((count + node) % 6 != 0)
                layers[node].HandleMulticastPacket(now, origin, transmit.Class, transmit.Deadline, marked: false, packet);
        }
    }
}
