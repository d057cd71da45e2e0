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
    private const double WithRealtime = 0.8;

    /// <summary>The share of flows of class Signal or Bulk that take destinations out, and how often they do before a message.</summary>
    private const double WithRemovals = 0.6;
    private const double LeastRemovals = 0.005;
    private const double MostRemovals = 0.3;

    /// <summary>Nodes that a multicast packet may pass at most; the same as its hop budget.</summary>
    public const int MaxHops = 8;

    /// <summary>Realtime flows take out whom a message leaves out, as they did in editions before.</summary>
    public static SwarmPlan AddRemovals(SwarmPlan plan, Draws draws) => plan with
    {
        Multicasts =
        [
            .. plan.Multicasts.Select(flow =>
                flow.IsRealtime || !draws.Chance(WithRemovals) ? flow : flow with { Removal = draws.Scaled(LeastRemovals, MostRemovals) }),
        ],
    };

    /// <summary>A route that one flow was given can lead the packets of one before it back: what such a destination gets, it gets by repair alone, and it is left out.</summary>
    public IEnumerable<SwarmMulticast> Draw(Func<ImmutableArray<int>, double> budgetOf, Action<ImmutableArray<int>, double> spend) =>
        from flow in DrawAll(budgetOf, spend).ToList()
        let reached = flow with { To = [.. flow.To.Where(place => TryReach(flow.From, place, isAnswered: true))] }
        where !reached.To.IsEmpty
        select reached;

    private IEnumerable<SwarmMulticast> DrawAll(Func<ImmutableArray<int>, double> budgetOf, Action<ImmutableArray<int>, double> spend)
    {
        var wanted = draws.Chance(WithMulticasts) ? draws.Between(1, 3) : 0;
        for (var index = 0; index < wanted; index++)
        {
            if (!TryDraw(budgetOf, spend, isAnswered: true, out var from, out var to, out var volume))
                continue;
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

    public IEnumerable<SwarmMulticast> DrawRealtime(Func<ImmutableArray<int>, double> budgetOf, Action<ImmutableArray<int>, double> spend)
    {
        var wanted = draws.Chance(WithRealtime) ? draws.Between(1, 3) : 0;
        for (var index = 0; index < wanted; index++)
        {
            if (!TryDraw(budgetOf, spend, isAnswered: false, out var from, out var to, out var volume))
                continue;
            yield return new()
            {
                Index = index,
                From = from,
                To = to,
                Class = ServiceClass.Realtime,
                Deadline = Duration.FromMilliseconds(Math.Round(draws.Chance(0.4) ? 200 : draws.Scaled(20, 2_000))),
                Start = draws.Milliseconds(0, 2_000),
                Interval = draws.Milliseconds(10, 80),
                Burst = draws.Chance(0.8) ? 1 : draws.Between(2, 6),
                MaxSize = draws.Chance(0.3) ? draws.Between(1_201, 10_000) : draws.Between(40, 1_200),
                Volume = (long)Math.Min(volume, 60_000),
                Absence = draws.Chance(0.3) ? 0 : draws.Between(0.0, 0.8),
            };
        }
    }

    /// <summary>An origin, destinations that it reaches, and a part of what the links between them may still be asked to carry.</summary>
    private bool TryDraw(
        Func<ImmutableArray<int>, double> budgetOf, Action<ImmutableArray<int>, double> spend, bool isAnswered, out int from, out ImmutableArray<int> to, out double volume)
    {
        var origin = from = draws.Between(0, topology.Nodes - 1);
        to = [.. Enumerable.Range(0, topology.Nodes).Where(place => place != origin && draws.Chance(0.7) && TryReach(origin, place, isAnswered))];
        volume = 0;
        if (to.IsEmpty)
            return false;
        volume = to.Min(place => budgetOf(WayOf(origin, place))) * draws.Between(0.05, 0.25);
        if (volume < 2_000)
            return false;
        foreach (var place in to)
            spend(WayOf(origin, place), volume);
        return true;
    }

    /// <summary>Whether a packet that each node passes on by its own route arrives, and can be answered; gives routes to those that have none.</summary>
    private bool TryReach(int from, int to, bool isAnswered)
    {
        var way = isAnswered ? RouteOf(from, to) : WayOf(from, to);
        if (way.IsEmpty || (isAnswered && RouteOf(to, from).IsEmpty))
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

    /// <summary>The route, or the link where there is none: so no flow that was drawn before finds another way at one of its relays.</summary>
    private ImmutableArray<int> WayOf(int from, int to) =>
        !routes.ContainsKey((from, to)) && links.Any(link => link.Joins(from, to)) ? [from, to] : RouteOf(from, to);

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
