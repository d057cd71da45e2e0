using WeCan.Contracts;
using WeCan.Protocol.Tests.Nodes;

namespace WeCan.Protocol.Tests.Paths;

/// <summary>A <see cref="NodeMesh"/> of nodes 1 to n with links between some of them, any of which a test can cut.</summary>
internal sealed class PathMesh : IDisposable
{
    private readonly HashSet<(NetAddress, NetAddress)> _cut = [];

    public PathMesh(int nodes, params (int A, int B)[] links)
    {
        Mesh = new NodeMesh { IsRecording = false, Tap = Carry };
        Nodes = [.. Enumerable.Range(1, nodes).Select(id => Mesh.Add(id))];
        foreach (var (a, b) in links)
            Mesh.Introduce(this[a], this[b]);
        Assert.True(Mesh.RunUntil(Duration.FromSeconds(5), () => links.All(link => this[link.A].Ups(this[link.B].Id) == 1 && this[link.B].Ups(this[link.A].Id) == 1)));
        Mesh.RunFor(Duration.FromSeconds(1));
    }

    public NodeMesh Mesh { get; }

    public IReadOnlyList<MeshNode> Nodes { get; }

    /// <summary>Loses datagrams, beside those of links that are cut.</summary>
    public Func<MeshDatagram, bool>? Loses { get; set; }

    /// <summary>Sees what travels.</summary>
    public Action<MeshDatagram>? OnCarried { get; set; }

    public MeshNode this[int id] => Nodes[id - 1];

    public static NodeId[] Way(params int[] nodes) => [.. nodes.Select(node => new NodeId((ushort)node))];

    public void Route(params int[] nodes) => Assert.True(this[nodes[0]].Node.TrySetRoute(Way(nodes)));

    /// <summary>The ways of one node to one destination to try when its route is of no use, best first.</summary>
    public void Alternates(params int[][] ways) =>
        Assert.True(this[ways[0][0]].Node.TrySetAlternates(new((ushort)ways[0][^1]), [.. ways.Select(way => Way(way))]));

    public void Cut(int a, int b)
    {
        _cut.Add((this[a].Address, this[b].Address));
        _cut.Add((this[b].Address, this[a].Address));
    }

    public void Heal(int a, int b)
    {
        _cut.Remove((this[a].Address, this[b].Address));
        _cut.Remove((this[b].Address, this[a].Address));
    }

    /// <summary>Cuts a link and waits until the nodes at both ends have noticed.</summary>
    public void CutAndWait(int a, int b)
    {
        Cut(a, b);
        var (one, other) = (this[a], this[b]);
        var before = (one.Downs(other.Id), other.Downs(one.Id));
        for (var i = 0; i < 100 && (one.Downs(other.Id) == before.Item1 || other.Downs(one.Id) == before.Item2); i++)
        {
            // A link dies when an answer is owed; the keep-alive asks for one every 10 s.
            Mesh.RunFor(Duration.FromSeconds(1));
        }

        Assert.NotEqual(before.Item1, one.Downs(other.Id));
        Assert.NotEqual(before.Item2, other.Downs(one.Id));
    }

    /// <summary>A node does not exist any more.</summary>
    public void Kill(int id)
    {
        foreach (var other in Nodes)
            Cut(id, other.Id.Value);
    }

    public long Drops(DropReason reason) => Nodes.Sum(node => node.Node.Drops[reason]);

    public string Describe() => string.Join(' ', Nodes.Select(NodeTraffic.Describe));

    public void Dispose() => Mesh.Dispose();

    private MeshDatagram? Carry(MeshDatagram datagram)
    {
        if (_cut.Contains((datagram.From, datagram.To)) || Loses?.Invoke(datagram) == true)
            return null;
        OnCarried?.Invoke(datagram);
        return datagram;
    }
}
