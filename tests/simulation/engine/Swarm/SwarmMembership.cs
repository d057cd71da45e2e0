using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>A node is told, at a time, that another is a member or is one no more. Who is told first that one joins did not know it before.</summary>
public sealed record SwarmMembership(MonoTime At, int Place, int Other, bool Joins)
{
    public override string ToString() => $"n{Place + 1} is told that n{Other + 1} {(Joins ? "is" : "is no")} member at {At}";
}
