using System.Collections.Immutable;

namespace WeCan.Simulation.Swarm;

/// <summary>What one node is told, before the truth, of another's addresses: those of third nodes, and some that lead nowhere.</summary>
/// <param name="Hearer">The place of the node that is told.</param>
/// <param name="Place">Of whom.</param>
/// <param name="False">The place of the node that each false address is of; below zero for one that leads nowhere.</param>
public sealed record SwarmHearsay(int Hearer, int Place, ImmutableArray<int> False)
{
    public override string ToString() =>
        $"{SwarmPlan.IdOf(Hearer)} is told of {SwarmPlan.IdOf(Place)} first where {string.Join(", ", False.Select(place => place < 0 ? "nobody is" : $"{SwarmPlan.IdOf(place)} is"))}";
}
