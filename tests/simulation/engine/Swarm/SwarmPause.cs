using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>A node's program that gets no processor for a while: its machine is busy, or somebody stopped it.</summary>
public sealed record SwarmPause(int Place, MonoTime At, MonoTime Until)
{
    public override string ToString() => $"n{Place + 1} stands still from {At} to {Until}";
}
