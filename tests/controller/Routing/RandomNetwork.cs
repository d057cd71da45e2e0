using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>Networks of a seed: dense ones and sparse ones, with nodes that carry nothing, and costs of which the triangle inequality does not hold.</summary>
internal static class RandomNetwork
{
    public static Topology Make(Random random, int count, double density)
    {
        var nodes = Enumerable.Range(1, 40 * count).OrderBy(_ => random.Next()).Take(count).Order().Select(number => new NodeId((ushort)number)).ToArray();
        var topology = new Topology(nodes);
        for (var from = 0; from < count; from++)
        {
            topology.Let(from, random.Next(6) != 0);
            for (var to = 0; to < count; to++)
            {
                if (from != to && random.NextDouble() < density)
                    topology.Set(from, to, random.Next(random.Next(5) == 0 ? 400_000 : 30_000));
            }
        }

        return topology;
    }

    /// <summary>Nodes on a plane, as real networks lie: near ones are near to the same others, and detours pay now and then.</summary>
    public static Topology OnPlane(Random random, int count)
    {
        var places = Enumerable.Range(0, count).Select(_ => (X: random.NextDouble(), Y: random.NextDouble())).ToArray();
        var topology = new Topology([.. Enumerable.Range(1, count).Select(number => new NodeId((ushort)number))]);
        for (var from = 0; from < count; from++)
        {
            topology.Let(from, carry: true);
            for (var to = 0; to < count; to++)
            {
                var (x, y) = (places[from].X - places[to].X, places[from].Y - places[to].Y);
                topology.Set(from, to, (int)(2_000 + (Math.Sqrt((x * x) + (y * y)) * 100_000 * (1 + Math.Pow(random.NextDouble(), 4)))));
            }
        }

        return topology;
    }

    /// <summary>The same with some costs a little or much different, links that are gone, and nodes that carry no more.</summary>
    public static Topology Shift(Random random, Topology topology)
    {
        var shifted = new Topology(topology.Nodes);
        for (var from = 0; from < topology.Count; from++)
        {
            shifted.Let(from, topology.Carries(from) && random.Next(20) != 0);
            for (var to = 0; to < topology.Count; to++)
            {
                if (topology.Cost(from, to) < Topology.Unreachable && random.Next(30) != 0)
                    shifted.Set(from, to, (int)(topology.Cost(from, to) * (random.Next(10) == 0 ? 0.5 + random.NextDouble() : 0.97 + (0.06 * random.NextDouble()))));
            }
        }

        return shifted;
    }
}
