using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>A host whose datagrams come from another port from a time on, as behind a NAT that has forgotten it.</summary>
/// <param name="Host">A node's place, or beyond the nodes a client's.</param>
public sealed record SwarmMove(MonoTime At, int Host, ushort Port)
{
    public override string ToString() => $"host {Host + 1} comes from port {Port} at {At}";
}
