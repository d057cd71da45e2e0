using System.Collections.Immutable;

namespace WeCan.Simulation.Swarm;

/// <summary>A further route to a destination, beside the primary one, that flows name by its token.</summary>
public sealed record SwarmSpare(int Token, ImmutableArray<int> Route)
{
    public override string ToString() => $"route {string.Join(" ", Route.Select(SwarmPlan.IdOf))} as {Token}";
}
