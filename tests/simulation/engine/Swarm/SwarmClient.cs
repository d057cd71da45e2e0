using System.Collections.Immutable;
using WeCan.Contracts;
using WeCan.Protocol.Handshakes;

namespace WeCan.Simulation.Swarm;

/// <summary>A client of one of the nodes, which comes and goes.</summary>
/// <param name="Index">Its place among the clients; its host's comes after those of all nodes.</param>
/// <param name="Edge">The node that it connects to.</param>
/// <param name="Visits">One after the other.</param>
public sealed record SwarmClient(int Index, int Edge, ImmutableArray<SwarmVisit> Visits)
{
    /// <summary>As its token names it.</summary>
    public ClientId Id => new(1_000 + (ulong)Index);

    /// <summary>It is there when all has calmed down.</summary>
    public bool Stays => Visits[^1].Until == MonoTime.Never;

    public override string ToString() => $"client {Index + 1} of n{Edge + 1}: {string.Join(", ", Visits)}";
}
