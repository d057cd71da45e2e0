using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Fuzz.Tests.Fuzzing;
using WeCan.Lab.Wan;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Fuzz.Tests;

/// <summary>
/// Two nodes whose wire belongs to somebody else: datagrams are changed on the way, and recorded ones played back at any time from anywhere. What
/// the flows promise holds all the same.
/// </summary>
public sealed class HostilePipeTests
{
    private const int Messages = 400;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void TrafficArrivesOnceAndInOrder(ulong run)
    {
        var seed = WanRandom.Derive(FuzzRun.Seed, run);
        var random = new WanRandom(seed);
        var mutator = new Mutator(random);
        var recorded = new List<MeshDatagram>();
        using var mesh = new NodeMesh { IsRecording = false };
        var nodes = (MeshNode[])[mesh.Add(1), mesh.Add(2)];
        mesh.Tap = datagram =>
        {
            if (recorded.Count < 4_000)
                recorded.Add(datagram);
            if (random.Next(4) == 0)
                Play(mesh, nodes, recorded[random.Next(recorded.Count)], random);
            return random.Next(10) != 0 ? datagram : datagram with { Bytes = Changed(mutator, datagram.Bytes, recorded[random.Next(recorded.Count)].Bytes) };
        };
        mesh.Introduce(nodes[0], nodes[1], aDials: true, bDials: run % 2 == 0);
        var flows = nodes.Select((node, i) => Open(node, nodes[1 - i])).ToArray();
        for (var number = 0; number < Messages; number++)
        {
            for (var from = 0; from < 2; from++)
            {
                foreach (var flow in flows[from])
                    Assert.Equal(SendResult.Accepted, nodes[from].Node.Send(mesh.Now, flow, Numbered(number, 4 + random.Next(3_000)), out _));
            }

            mesh.RunFor(Duration.FromMilliseconds(50));
        }

        mesh.RunUntil(Duration.FromSeconds(60), () => nodes.All(node => node.Received.Count >= 2 * Messages));
        mesh.Tap = null;
        mesh.RunFor(Duration.FromSeconds(20));
        Check(nodes, $"Seed {FuzzRun.Seed}, run {run}");
    }

    private static void Check(MeshNode[] nodes, string where)
    {
        foreach (var node in nodes)
        {
            foreach (var flow in node.Received.GroupBy(message => message.Flow))
            {
                var numbers = flow.Select(message => BinaryPrimitives.ReadInt32BigEndian(message.Payload)).ToList();
                Assert.True(numbers.SequenceEqual(Enumerable.Range(0, Messages)), $"{where}: {node.Id} got {numbers.Count} of {Messages} messages, or in another order.");
                Assert.All(flow, message => Assert.Equal(Numbered(BinaryPrimitives.ReadInt32BigEndian(message.Payload), message.Payload.Length), message.Payload));
            }

            Assert.True(node.Received.Count == 2 * Messages, $"{where}: {node.Id} got {node.Received.Count} messages.");
            Assert.True(node.Node.LinkCount == 1, $"{where}: {node.Id} has {node.Node.LinkCount} links.");
            Assert.True(node.Node.PacketMemoryInUse == 0, $"{where}: {node.Id} still holds {node.Node.PacketMemoryInUse} bytes.");
            Assert.True(node.Node.Drops.Total > 100, $"{where}: {node.Id} counted {node.Node.Drops.Total} drops only.");
            Assert.DoesNotContain(node.TransportEvents, happened => happened.Kind == TransportEventKind.FlowBroken);
        }
    }

    private static FlowHandle[] Open(MeshNode from, MeshNode to)
    {
        Assert.Equal(OpenResult.Opened, from.Node.OpenStream(to.Id, ServiceClass.Signal, 0, out var signal));
        Assert.Equal(OpenResult.Opened, from.Node.OpenStream(to.Id, ServiceClass.Bulk, 0, out var bulk));
        return [signal, bulk];
    }

    /// <summary>Plays a recording to either node, from where it came or from elsewhere.</summary>
    private static void Play(NodeMesh mesh, MeshNode[] nodes, MeshDatagram datagram, WanRandom random) => mesh.PutUntapped(datagram with
    {
        To = nodes[random.Next(2)].Address,
        From = random.Next(2) == 0 ? datagram.From : NodeMesh.AddressOf(90),
    });

    /// <summary>Another datagram than both that it was made of.</summary>
    private static byte[] Changed(Mutator mutator, byte[] bytes, byte[] other)
    {
        byte[] changed;
        do
            changed = mutator.Mutate(bytes, other);
        while (changed.AsSpan().SequenceEqual(bytes));
        return changed;
    }

    private static byte[] Numbered(int number, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(i * (number + 1));
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
