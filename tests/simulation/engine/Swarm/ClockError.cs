using System.Collections.Immutable;
using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// How wrong the deadline of a Realtime message may become on its way: the design (section 5) converts it at each hop
/// with an offset that is right to within half the smallest round trip, and clocks drift while an offset is remembered. A
/// program that stands still lengthens the round trips that it knows so far, and hands out late what it was in time for.
/// </summary>
internal static class ClockError
{
    /// <summary>On the worst of all routes of the flow, and of all ways that local repair may take.</summary>
    public static Duration Of(SwarmPlan plan, SwarmFlow flow) =>
        Detours.Of(plan, flow.From, flow.To).Concat(plan.RoutesOf(flow)).Select(route => Of(plan, route)).Max();

    public static Duration Of(SwarmPlan plan, ImmutableArray<int> route)
    {
        var error = route.Select(plan.LongestPause).Aggregate(Duration.Zero, (sum, pause) => sum + pause);
        for (var hop = 0; hop + 1 < route.Length; hop++)
        {
            var link = plan.Links.First(link => link.Joins(route[hop], route[hop + 1]));
            error += ((link.Forth + link.Back) / 2) + SwarmLimits.DriftAllowance + SwarmLimits.RoundingAllowance;
        }

        return error;
    }
}
