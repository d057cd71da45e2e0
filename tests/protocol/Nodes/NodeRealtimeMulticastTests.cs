using WeCan.Contracts;
using WeCan.Protocol.Tests.Paths;
using WeCan.Protocol.Tests.Transport;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>
/// A Realtime flow from one edge to 64 over a tree of relays whose links lose: 1 to the relays 2 and 3, each of them to two of
/// the relays 4 to 7, each of those to 16 edges. docs/wire-format.md, sections 6.2 and 7.4.
/// </summary>
public sealed class NodeRealtimeMulticastTests(ITestOutputHelper output)
{
    private const int Edges = 64;
    private const int FirstEdge = 8;
    private const int Links = 2 + 4 + Edges;
    private const int Length = 500;
    private const int PacketsPerSecond = 50;

    private static readonly Duration Deadline = Duration.FromMilliseconds(200);
    private static readonly int[] All = [.. Enumerable.Range(FirstEdge, Edges)];

    /// <summary>Datagrams that are long enough to hold a packet or a repair, lost ones too.</summary>
    private readonly Dictionary<(NetAddress, NetAddress), int> _large = [];
    private readonly List<MonoTime> _sentAt = [];

    [Theory]
    [InlineData(0)]
    [InlineData(0.03)]
    public void EachLinkCarriesAPacketOnceAndEveryEdgeGetsIt(double loss)
    {
        const int Messages = 40 * PacketsPerSecond;
        using var paths = Begin(loss);
        var flow = Open(paths, All);
        Send(paths, flow, 0, Messages);
        var missed = All.Sum(edge => Messages - Check(paths, edge, 0..Messages));

        // Every node sends a packet that came to it once over each link below it. With each edge's copy that is all links.
        for (var node = 1; node < FirstEdge; node++)
        {
            var counters = paths[node].Node.PathCounters;
            Assert.InRange(counters.MulticastPackets, Messages * 0.999, Messages);
            Assert.Equal(counters.MulticastPackets * (node < 4 ? 2 : 16), counters.MulticastCopies);
        }

        var dropped = paths.Drops(DropReason.Expired) + paths.Drops(DropReason.Shed) + paths.Drops(DropReason.QueueFull);
        var most = Tree().Max(link => _large[link]);
        output.WriteLine($"{missed} of {Messages * Edges} missed, {dropped} copies dropped; a link's datagrams that could hold a packet: {most} at most, {Tree().Average(link => _large[link])} on average, for {Messages} packets");
        Assert.InRange(missed, 0, loss == 0 ? 0 : Messages * Edges * 0.0005);
        Assert.InRange(Tree().Min(link => _large[link]), Messages, int.MaxValue);
        Assert.InRange(most, Messages, Messages * (loss == 0 ? 1.01 : 1.1));
        Assert.Equal((Messages, 0), (paths[1].Node.TransportCounters.MulticastCopies, paths[1].Node.TransportCounters.PacketsReceived));

        // What each edge counts of the pair is what it got of what was sent; the last packets may be missing unseen.
        var pairs = All.Select(edge => paths[edge].Node.InspectPairs(paths.Mesh.Now).Single()).ToList();
        Assert.All(pairs, pair => Assert.InRange(pair.Expected, Messages - 3, Messages));
        Assert.InRange(pairs.Sum(pair => pair.Expected - pair.InTime), missed - (3 * Edges), missed);
        Assert.All(paths.Nodes, node => Assert.Equal((0, 0), (node.Node.ReceiveMemoryInUse, node.Node.SendMemoryInUse)));
    }

    /// <summary>Who is taken in or out gets or misses everything from the next packet on, and a link without listeners below it carries nothing.</summary>
    [Fact]
    public void AChangeOfTheAudienceHoldsFromTheNextPacket()
    {
        const int Part = 4 * PacketsPerSecond;
        using var paths = Begin(loss: 0);
        int[] below = [.. All.Where(edge => LowOf(edge) == 7)];
        int[] others = [.. All.Except(below)];
        var flow = Open(paths, others);
        Send(paths, flow, 0, Part);
        Assert.Equal(0, paths[7].Node.PathCounters.MulticastPackets);
        foreach (var edge in below)
            Assert.Equal(SendResult.Accepted, paths[1].Node.AddDestination(flow, (ushort)edge));
        Send(paths, flow, Part, Part);
        foreach (var edge in below.Append(others[0]))
            Assert.True(paths[1].Node.RemoveDestination(paths.Mesh.Now, flow, (ushort)edge));
        Send(paths, flow, 2 * Part, Part);
        Assert.Equal(SendResult.Accepted, paths[1].Node.AddDestination(flow, (ushort)others[0]));
        Send(paths, flow, 3 * Part, Part);

        Assert.All(below, edge => Assert.Equal(Part, Check(paths, edge, Part..(2 * Part))));
        Assert.All(others.Skip(1), edge => Assert.Equal(4 * Part, Check(paths, edge, 0..(4 * Part))));
        Assert.Equal(3 * Part, Check(paths, others[0], 0..(4 * Part)));
        Assert.DoesNotContain(paths[others[0]].Received, message => NodeTraffic.NumberOf(message) / Part == 2);
        Assert.Equal((Part, 4 * Part), (paths[7].Node.PathCounters.MulticastPackets, paths[4].Node.PathCounters.MulticastPackets));
    }

    /// <summary>How many of the messages a node has, each once, in time and whole, and no other.</summary>
    private int Check(PathMesh paths, int edge, Range sent)
    {
        var numbers = new HashSet<int>();
        foreach (var message in paths[edge].Received)
        {
            var number = NodeTraffic.NumberOf(message);
            Assert.Equal(ServiceClass.Realtime, message.Class);
            Assert.InRange(number, sent.Start.Value, sent.End.Value - 1);
            Assert.True(numbers.Add(number), $"message {number} came twice to {edge}");
            Assert.Equal(NodeTraffic.Numbered(number, Length), message.Payload);

            // Three links of 10 ms, each of whose clock offsets may err by half a round trip.
            Assert.True(message.At <= _sentAt[number] + Deadline + Duration.FromMilliseconds(30), $"message {number} came late to {edge}");
        }

        return numbers.Count;
    }

    private static int LowOf(int edge) => 4 + (edge % 4);

    private static int TopOf(int edge) => 2 + (LowOf(edge) / 6);

    private static IEnumerable<(int, int)> Joins() =>
        new[] { (1, 2), (1, 3), (2, 4), (2, 5), (3, 6), (3, 7) }.Concat(All.Select(edge => (LowOf(edge), edge)));

    private static IEnumerable<(NetAddress, NetAddress)> Tree() => Joins().Select(link => (NodeMesh.AddressOf(link.Item1), NodeMesh.AddressOf(link.Item2)));

    private PathMesh Begin(double loss)
    {
        var paths = new PathMesh(7 + Edges, [.. Joins()]);
        Assert.Equal(Links, Joins().Count());
        foreach (var edge in All)
        {
            paths.Route(1, TopOf(edge), LowOf(edge), edge);
            paths.Route(TopOf(edge), LowOf(edge), edge);
            foreach (var node in (int[])[1, TopOf(edge), LowOf(edge), edge])
                Assert.True(paths[node].Node.TrySetEdgeIndex((byte)(edge >> 8), (byte)edge, new((ushort)edge)));
        }

        var random = new SimRandom(7);
        paths.Loses = datagram =>
        {
            if (datagram.Bytes.Length > Length)
                _large[(datagram.From, datagram.To)] = _large.GetValueOrDefault((datagram.From, datagram.To)) + 1;
            return random.Chance(loss);
        };
        return paths;
    }

    private static FlowHandle Open(PathMesh paths, int[] to)
    {
        var edges = new EdgeSet();
        foreach (var edge in to)
            edges.Add((ushort)edge);
        Assert.Equal(OpenResult.Opened, paths[1].Node.OpenRealtimeMulticast(edges, 3, Deadline, out var flow));
        return flow;
    }

    private void Send(PathMesh paths, FlowHandle flow, int first, int messages)
    {
        for (var number = first; number < first + messages; number++)
        {
            _sentAt.Add(paths.Mesh.Now);
            Assert.Equal(SendResult.Accepted, paths[1].Node.Send(paths.Mesh.Now, flow, NodeTraffic.Numbered(number, Length), out _));
            paths.Mesh.RunFor(Duration.FromSeconds(1) / PacketsPerSecond);
        }

        // What is on its way when the audience changes goes where it was sent.
        paths.Mesh.RunFor(Duration.FromSeconds(1));
    }
}
