using System.Collections.Immutable;

namespace WeCan.Simulation.Swarm;

/// <summary>Draws further routes where the topology has them, and flows that take them: Realtime over two at once, streams over another than the primary.</summary>
internal sealed class RoutePlanner(Draws draws, Topology topology)
{
    private const int Attempts = 4;

    /// <summary>What a further route is to carry for one flow, of what its slowest link carries in a second: others have spent the rest.</summary>
    private const double SecondsForOne = 1.5;

    public SwarmPlan AddTo(SwarmPlan plan)
    {
        var spares = ImmutableArray.CreateBuilder<SwarmSpare>();
        foreach (var primary in plan.Routes)
        {
            if (draws.Chance(0.6) && TryDraw(primary, out var other))
                spares.Add(new(1, other));
        }

        return plan with
        {
            Spares = spares.ToImmutable(),
            Flows = [.. plan.Flows.Select(flow => Spread(plan, flow, spares.FirstOrDefault(spare => spare.Route[0] == flow.From && spare.Route[^1] == flow.To)))],
        };
    }

    private SwarmFlow Spread(SwarmPlan plan, SwarmFlow flow, SwarmSpare? spare)
    {
        if (spare is null || !draws.Chance(0.7) || flow.Volume > SecondsForOne * 1e6 / 8 * SlowestOf(plan, spare.Route))
            return flow;
        return flow.IsRealtime ? flow with { Paths = 2 } : flow with { RouteToken = 1 };
    }

    /// <summary>Megabits per second.</summary>
    private static double SlowestOf(SwarmPlan plan, ImmutableArray<int> route) =>
        Enumerable.Range(1, route.Length - 1).Min(hop => plan.Links.First(link => link.Joins(route[hop - 1], route[hop])).RateMbps);

    private bool TryDraw(ImmutableArray<int> primary, out ImmutableArray<int> other)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            other = topology.DrawRoute(primary[0], primary[^1], draws);
            if (!other.SequenceEqual(primary))
                return true;
        }

        other = [];
        return false;
    }
}
