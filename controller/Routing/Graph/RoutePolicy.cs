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

    /// <summary>Whether a way of the one cost, in microseconds, gives way to one of the other.</summary>
    public bool IsWorthIt(int held, int other) =>
        held - other >= Math.Max(LeastGainTime.Microseconds, 1) && held - other >= LeastGain * held;
}
