using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>Networks of a seed: dense ones and sparse ones, with nodes that carry nothing, and costs of which the triangle inequality does not hold.</summary>
internal static class RandomNetwork
{
    public static Topology Make(Random random, int count, double density)
    {
        // Many equal costs in some: where ways cost the same, there is still one that comes first.
        var coarse = random.Next(4) == 0;
        var nodes = Enumerable.Range(1, 40 * count).OrderBy(_ => random.Next()).Take(count).Order().Select(number => new NodeId((ushort)number)).ToArray();
        var topology = new Topology(nodes);
        for (var from = 0; from < count; from++)
        {
            topology.Let(from, random.Next(6) != 0);
            for (var to = 0; to < count; to++)
            {
                if (from != to && random.NextDouble() < density)
                    topology.Set(from, to, random.Next(random.Next(5) == 0 ? 400_000 : coarse ? 12 : 30_000));
                if (random.Next(4) == 0 && topology.Cost(RouteClass.Bulk, from, to) < Topology.Unreachable)
                    topology.Set(RouteClass.Bulk, from, to, random.Next(30_000));
            }
        }

        return topology;
    }

    /// <summary>The same, where traffic of some groups may pass some nodes only.</summary>
    public static Topology Restrict(Random random, Topology topology)
    {
        var groups = random.Next(2, 4);
        var scopes = new byte[Topology.Classes][];
        var allowed = new bool[Topology.Classes][][];
        for (var each = 0; each < Topology.Classes; each++)
        {
            var count = random.Next(1, 4);
            scopes[each] = [.. Enumerable.Range(0, groups * groups).Select(_ => (byte)random.Next(count))];
            allowed[each] = [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, topology.Count).Select(_ => random.Next(3) != 0).ToArray())];
        }

        topology.Restrict(new([.. Enumerable.Range(0, topology.Count).Select(_ => (byte)random.Next(groups))], groups, scopes, allowed));
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
        shifted.Restrict(topology.Restrictions);
        for (var from = 0; from < topology.Count; from++)
        {
            shifted.Let(from, topology.Carries(from) && random.Next(20) != 0);
            for (var to = 0; to < topology.Count; to++)
            {
                if (topology.Cost(RouteClass.Signal, from, to) < Topology.Unreachable && random.Next(30) != 0)
                    shifted.Set(from, to, (int)(topology.Cost(RouteClass.Signal, from, to) * (random.Next(10) == 0 ? 0.5 + random.NextDouble() : 0.97 + (0.06 * random.NextDouble()))));
            }
        }

        return shifted;
    }

    /// <summary>One direction of one link costs something else, a little or much, is gone, or is there again.</summary>
    public static Topology Change(Random random, Topology topology)
    {
        var (from, to) = (random.Next(topology.Count), random.Next(topology.Count));
        var cost = random.Next(4) switch
        {
            0 => Topology.Unreachable,
            1 => random.Next(1, 20_000),
            _ => (int)(Math.Min(topology.Cost(RouteClass.Signal, from, to), 100_000) * (0.5 + random.NextDouble())),
        };
        return topology.With(from, to, cost, random.Next(3) == 0 ? topology.Cost(RouteClass.Signal, from, to) : cost, random.Next(3) == 0 ? random.Next(1, 50_000) : cost);
    }
}
