using WeCan.Contracts;
using WeCan.Protocol.Tests.Paths;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Multicast flows from node to nodes, over links that lose and relays that die. docs/wire-format.md, sections 6.2 and 7.5.</summary>
public sealed class NodeMulticastTests
{
    private const int Relays = 2;
    private const int Edges = 24;
    private const int Messages = 400;

    private static readonly int[] All = [.. Enumerable.Range(2 + Relays, Edges)];

    [Fact]
    public void EachLinkCarriesAMessageOnce()
    {
        using var paths = Begin();
        var copiesBefore = Copies(paths);
        var flow = Send(paths, Messages);
        AssertComplete(paths, flow, All);

        // Node 1 sends a copy to each relay, and each relay one to each of its edges.
        Assert.Equal(Messages * (Relays + Edges), Copies(paths) - copiesBefore);
        Assert.Equal(0, paths[1].Node.TransportCounters.MulticastDirects);
    }

    [Fact]
    public void LostDatagramsAreRepairedOnceAndInOrder()
    {
        using var paths = Begin();
        var count = 0;
        paths.Loses = _ => ++count % 11 == 0;
        AssertComplete(paths, Send(paths, Messages), All);
    }

    [Fact]
    public void ARelayThatDiesLosesNothing()
    {
        using var paths = Begin();
        var flow = Send(paths, Messages, at: Messages / 2, () => paths.Kill(2));
        AssertComplete(paths, flow, All);
        Assert.True(paths[1].Node.PathCounters.Salvaged + paths[1].Node.TransportCounters.MulticastDirects > 0);
    }

    [Fact]
    public void AnEdgeThatDiesIsLostAndTheOthersGetEverything()
    {
        using var paths = Begin();
        var flow = Send(paths, Messages, at: Messages / 2, () => paths.Kill(9));
        paths.Mesh.RunFor(Duration.FromSeconds(310));
        Assert.Contains(paths[1].TransportEvents, e => e.Kind == TransportEventKind.DestinationLost && e.Destination == new NodeId(9));
        AssertComplete(paths, flow, [.. All.Where(edge => edge != 9)]);
    }

    private static PathMesh Begin()
    {
        List<(int, int)> links = [.. Enumerable.Range(2, Relays).Select(relay => (1, relay))];
        foreach (var edge in All)
            links.AddRange(Enumerable.Range(2, Relays).Select(relay => (relay, edge)));
        var paths = new PathMesh(1 + Relays + Edges, [.. links]);
        foreach (var edge in All)
        {
            paths.Route(1, RelayOf(edge), edge);
            paths.Route(edge, RelayOf(edge), 1);
            paths.Alternates([1, 5 - RelayOf(edge), edge]);
            paths.Alternates([edge, 5 - RelayOf(edge), 1]);
            foreach (var node in (int[])[1, 2, 3, edge])
                Assert.True(paths[node].Node.TrySetEdgeIndex(0, (byte)edge, new((ushort)edge)));
        }

        return paths;
    }

    private static int RelayOf(int edge) => 2 + (edge % Relays);

    /// <summary>A message every 5 ms, then a while for what is still under way.</summary>
    private static FlowHandle Send(PathMesh paths, int messages, int at = -1, Action? act = null)
    {
        var sender = paths[1];
        Assert.Equal(OpenResult.Opened, sender.Node.OpenMulticast(ServiceClass.Signal, 3, out var flow));
        var edges = new EdgeSet();
        foreach (var edge in All)
            edges.Add((ushort)edge);
        for (var i = 0; i < messages; i++)
        {
            if (i == at)
                act!();
            Assert.Equal(SendResult.Accepted, sender.Node.SendMulticast(paths.Mesh.Now, flow, edges, NodeTraffic.Numbered(i), out _));
            paths.Mesh.RunFor(Duration.FromMilliseconds(5));
        }

        paths.Mesh.RunFor(Duration.FromSeconds(30));
        return flow;
    }

    private static long Copies(PathMesh paths) => paths.Nodes.Sum(node => node.Node.PathCounters.MulticastCopies);

    private static void AssertComplete(PathMesh paths, FlowHandle flow, int[] edges)
    {
        foreach (var edge in edges)
            Assert.Equal(Enumerable.Range(0, Messages), paths[edge].Received.Select(NodeTraffic.NumberOf));
        Assert.Equal((ulong)Messages, paths[1].TransportEvents.Last(e => e.Flow == flow && e.Kind == TransportEventKind.Confirmed).Messages);
        Assert.Equal(0, paths[1].Node.SendMemoryInUse);
    }
}
