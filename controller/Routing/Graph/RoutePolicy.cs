using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>By which rules routes are chosen.</summary>
internal sealed record RoutePolicy
{
    /// <summary>What passing a relay takes beside its links.</summary>
    public Duration RelayTime { get; init; } = GraphLimits.RelayTime;

    /// <summary>Another way is taken where it saves this part of the cost, and <see cref="LeastGainTime"/>.</summary>
    public double LeastGain { get; init; } = GraphLimits.LeastGain;

    public Duration LeastGainTime { get; init; } = GraphLimits.LeastGainTime;

    /// <summary>The part of all pairs that may move in one round to what is only better.</summary>
    public double MostChanges { get; init; } = 1;

    /// <summary>How many that is among so many nodes: never fewer than there are nodes, so that small networks are not slow.</summary>
    public int Cap(int nodes) => MostChanges >= 1 ? int.MaxValue : (int)Math.Max(nodes, MostChanges * nodes * (nodes - 1) * Topology.Classes);

    /// <summary>Whether who is on a way of the one cost is to leave it for one of the other at once.</summary>
    public static bool IsEmergency(int held, int other) =>
        held - other >= GraphLimits.EmergencyTime.Microseconds && held - other >= GraphLimits.EmergencyGain * held;

    /// <summary>Whether a way of the one cost, in microseconds, gives way to one of the other.</summary>
    public bool IsWorthIt(int held, int other) =>
        held - other >= Math.Max(LeastGainTime.Microseconds, 1) && held - other >= LeastGain * held;
}
