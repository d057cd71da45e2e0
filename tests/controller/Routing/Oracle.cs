using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Tests.Routing;

/// <summary>What the routes should be, by trying every way of at most two relays: slow, plain, and sharing no code with the search.</summary>
internal sealed class Oracle(Topology topology, RoutePolicy policy, RouteClass service)
{
    public long Reckon(int origin, Way way, int destination)
    {
        List<int> nodes = [origin];
        foreach (var relay in (NodeId[])[way.First, way.Second])
        {
            if (!relay.IsNone)
                nodes.Add(topology.IndexOf(relay));
        }

        nodes.Add(destination);
        if (nodes.Distinct().Count() != nodes.Count || nodes.Any(node => node < 0) || nodes[1..^1].Any(node => !topology.MayCarry(service, origin, nodes[^1], node)))
            return long.MaxValue;
        long cost = 0;
        for (var i = 1; i < nodes.Count; i++)
        {
            if (topology.Cost(service, nodes[i - 1], nodes[i]) >= Topology.Unreachable)
                return long.MaxValue;
            cost += topology.Cost(service, nodes[i - 1], nodes[i]);
        }

        return cost + ((nodes.Count - 2) * policy.RelayTime.Microseconds);
    }

    /// <summary>The least that a way of so many relays costs which shares nothing with those before it.</summary>
    public long Best(int origin, int destination, IReadOnlyList<Way> before, int mostRelays)
    {
        var best = before.Any(way => way.IsDirect) ? long.MaxValue : Reckon(origin, Way.Direct, destination);
        var free = Enumerable.Range(0, topology.Count).Select(node => topology.Nodes[node]).Where(node => !before.Any(way => way.First == node || way.Second == node)).ToList();
        foreach (var first in mostRelays > 0 ? free : [])
        {
            best = Math.Min(best, Reckon(origin, new(first, NodeId.None), destination));
            foreach (var second in mostRelays > 1 ? free : [])
                best = Math.Min(best, Reckon(origin, new(first, second), destination));
        }

        return best;
    }
}
