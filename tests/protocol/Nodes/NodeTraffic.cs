using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Numbered messages from node to node, and whether they came once and in order.</summary>
internal static class NodeTraffic
{
    public static byte[] Numbered(int number, int length = 40)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = (byte)(i + number);
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    public static int NumberOf(MeshMessage message) => BinaryPrimitives.ReadInt32BigEndian(message.Payload);

    /// <summary>Opens a Signal flow, sends some messages, and waits until they have come.</summary>
    public static void AssertSignalPasses(NodeMesh mesh, MeshNode from, MeshNode to, int count = 10)
    {
        Assert.Equal(OpenResult.Opened, from.Node.OpenStream(to.Id, ServiceClass.Signal, 0, out var flow));
        var before = to.Received.Count;
        for (var number = 0; number < count; number++)
            Assert.Equal(SendResult.Accepted, from.Node.Send(mesh.Now, flow, Numbered(number), out _));
        var came = mesh.RunUntil(Duration.FromSeconds(20), () => to.Received.Count >= before + count);
        Assert.True(came, $"{to.Received.Count - before} of {count} messages came from {from.Id} to {to.Id}. {Describe(from)} {Describe(to)}");
        Assert.Equal(Enumerable.Range(0, count), to.Received.Skip(before).Select(NumberOf));
    }

    public static string Describe(MeshNode node)
    {
        var drops = Enum.GetValues<DropReason>().Where(reason => node.Node.Drops[reason] > 0).Select(reason => $"{reason} {node.Node.Drops[reason]}");
        return $"{node.Id} has {node.Node.LinkCount} links and dropped: {string.Join(", ", drops)}.";
    }
}
