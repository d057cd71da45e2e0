using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>A member that is taken out everywhere, and comes back.</summary>
/// <param name="GoneAt">When the last node was told.</param>
/// <param name="BackAt">When the first node is told that it is a member again.</param>
public sealed record SwarmRevocation(int Member, MonoTime GoneAt, MonoTime BackAt)
{
    public override string ToString() => $"n{Member + 1} is no member of any from {GoneAt} to {BackAt}";
}
