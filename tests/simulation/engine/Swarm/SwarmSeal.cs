namespace WeCan.Simulation.Swarm;

/// <summary>Two nodes that seal all that goes between them end to end, in all their lives.</summary>
public sealed record SwarmSeal(int First, int Second)
{
    /// <summary>The other one of the two; below zero for a node that is neither.</summary>
    public int OtherOf(int place) => place == First ? Second : place == Second ? First : -1;

    public override string ToString() => $"seal {SwarmPlan.IdOf(First)} {SwarmPlan.IdOf(Second)}";
}
