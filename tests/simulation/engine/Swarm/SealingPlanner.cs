namespace WeCan.Simulation.Swarm;

/// <summary>Draws which nodes seal what they send to each other: ends of flows, but none that a multicast joins, as that cannot be sealed.</summary>
internal sealed class SealingPlanner(Draws draws)
{
    private const double WithSealing = 0.7;
    private const double SealedPairs = 0.6;

    public SwarmPlan AddTo(SwarmPlan plan)
    {
        if (!draws.Chance(WithSealing))
            return plan;
        var pairs = plan.Flows
            .Select(flow => new SwarmSeal(Math.Min(flow.From, flow.To), Math.Max(flow.From, flow.To)))
            .Distinct()
            .Where(pair => !plan.Multicasts.Any(flow => pair.OtherOf(flow.From) is var other and >= 0 && flow.To.Contains(other)))
            .ToList();
        return plan with { Seals = [.. pairs.Where(_ => draws.Chance(SealedPairs))] };
    }
}
