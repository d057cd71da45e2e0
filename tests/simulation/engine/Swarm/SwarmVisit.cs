using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>One life of a client's program; Never for an end means that it stays.</summary>
public sealed record SwarmVisit(MonoTime From, MonoTime Until, bool IsGraceful)
{
    public override string ToString() => Until.IsNever ? $"from {From} on" : $"from {From} until it {(IsGraceful ? "leaves" : "dies")} at {Until}";
}
