using System.Collections.Immutable;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Draws a plan's multicast flows and the routes that they need: the origin's and the way back for confirmations, and a
/// route for each node on the way, as every one splits the set by its own. Drawn apart from the rest of the plan.
/// </summary>
internal sealed class MulticastPlanner(Draws draws, Topology topology, ImmutableArray<SwarmLink> links, Dictionary<(int From, int To), ImmutableArray<int>> routes)
{
    private const double WithMulticasts = 0.9;

    /// <summary>Nodes that a multicast packet may pass at most; the same as its hop budget.</summary>
    private const int MaxHops = 8;

    /// <summary>A route that one flow was given can lead the packets of one before it back: what such a destination gets, it gets by repair alone, and it is left out.</summary>
    public IEnumerable<SwarmMulticast> Draw(Func<ImmutableArray<int>, double> budgetOf, Action<ImmutableArray<int>, double> spend) =>
        from flow in DrawAll(budgetOf, spend).ToList()
        let reached = flow with { To = [.. flow.To.Where(place => TryReach(flow.From, place))] }
        where !reached.To.IsEmpty
        select reached;

    private IEnumerable<SwarmMulticast> DrawAll(Func<ImmutableArray<int>, double> budgetOf, Action<ImmutableArray<int>, double> spend)
    {
        var wanted = draws.Chance(WithMulticasts) ? draws.Between(1, 3) : 0;
        for (var index = 0; index < wanted; index++)
        {
            var from = draws.Between(0, topology.Nodes - 1);
            ImmutableArray<int> to = [.. Enumerable.Range(0, topology.Nodes).Where(place => place != from && draws.Chance(0.7) && TryReach(from, place))];
            if (to.IsEmpty)
                continue;
            var volume = to.Min(place => budgetOf(routes[(from, place)])) * draws.Between(0.05, 0.25);
            if (volume < 2_000)
                continue;
            foreach (var place in to)
                spend(routes[(from, place)], volume);
            yield return new()
            {
                Index = index,
                From = from,
                To = to,
                Class = draws.Chance(0.6) ? ServiceClass.Signal : ServiceClass.Bulk,
                Start = draws.Milliseconds(0, 2_000),
                Interval = Duration.FromMilliseconds(draws.Scaled(5, 500)),
                Burst = draws.Chance(0.7) ? 1 : draws.Between(2, 20),
                MaxSize = (int)Math.Clamp(volume / 4, MulticastJudge.Head, draws.Scaled(64, 32_768)),
                Volume = (long)volume,
                Absence = draws.Chance(0.4) ? 0 : draws.Between(0.0, 0.8),
            };
        }
    }

    /// <summary>Whether a packet that each node passes on by its own route arrives, and can be answered; gives routes to those that have none.</summary>
    private bool TryReach(int from, int to)
    {
        var way = RouteOf(from, to);
        if (way.IsEmpty || RouteOf(to, from).IsEmpty)
            return false;
        List<int> passed = [from];
        while (way.Length > 2)
        {
            var next = way[1];
            if (passed.Contains(next) || passed.Count == MaxHops)
                return false;
            passed.Add(next);
            if (!routes.ContainsKey((next, to)) && !links.Any(link => link.Joins(next, to)))
                routes.Add((next, to), way[1..]);
            way = routes.GetValueOrDefault((next, to), [next, to]);
        }

        return true;
    }

    private ImmutableArray<int> RouteOf(int from, int to)
    {
        if (routes.TryGetValue((from, to), out var known))
            return known;
        var route = topology.DrawRoute(from, to, draws);
        if (!route.IsEmpty)
            routes.Add((from, to), route);
        return route;
    }
}
