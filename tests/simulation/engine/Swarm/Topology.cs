using System.Collections.Immutable;

namespace WeCan.Simulation.Swarm;

/// <summary>The shape of an overlay: which nodes are adjacent, and the ways through it.</summary>
internal sealed class Topology
{
    /// <summary>Nodes of a route at most, its ends included: the design's two relays, and one more to be sure.</summary>
    private const int MaxRoute = 5;

    private Topology(string name, int nodes, ImmutableArray<(int First, int Second)> pairs)
    {
        Name = name;
        Nodes = nodes;
        Pairs = pairs;
    }

    public string Name { get; }

    public int Nodes { get; }

    public ImmutableArray<(int First, int Second)> Pairs { get; }

    public static Topology Draw(Draws draws)
    {
        var nodes = draws.Between(3, 7);
        return draws.Between(0, 4) switch
        {
            0 => new("line", nodes, [.. Enumerable.Range(0, nodes - 1).Select(i => (i, i + 1))]),
            1 => new("star", nodes, [.. Enumerable.Range(1, nodes - 1).Select(i => (0, i))]),
            2 => new("ring", nodes, [.. Enumerable.Range(0, nodes).Select(i => (i, (i + 1) % nodes))]),
            3 => new("diamond", nodes, [.. Enumerable.Range(2, nodes - 2).SelectMany(relay => new[] { (0, relay), (relay, 1) })]),
            _ => new("mesh", nodes, [.. Mesh(nodes, draws)]),
        };
    }

    /// <summary>A way from one node to another that passes none twice, or none when every one is too long.</summary>
    public ImmutableArray<int> DrawRoute(int from, int to, Draws draws)
    {
        List<ImmutableArray<int>> found = [];
        Search([from], to, found);
        return found.Count == 0 ? [] : found[draws.Between(0, found.Count - 1)];
    }

    private static IEnumerable<(int First, int Second)> Mesh(int nodes, Draws draws)
    {
        for (var first = 0; first < nodes; first++)
        {
            for (var second = first + 1; second < nodes; second++)
            {
                if (second == first + 1 || draws.Chance(0.3))
                    yield return (first, second);
            }
        }
    }

    private void Search(ImmutableArray<int> way, int to, List<ImmutableArray<int>> found)
    {
        foreach (var (first, second) in Pairs)
        {
            var next = first == way[^1] ? second : second == way[^1] ? first : -1;
            if (next < 0 || way.Contains(next))
                continue;
            if (next == to)
                found.Add(way.Add(next));
            else if (way.Length + 1 < MaxRoute)
                Search(way.Add(next), to, found);
        }
    }
}
