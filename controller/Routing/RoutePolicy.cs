using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Routing;

/// <summary>By which rules routes are chosen.</summary>
internal sealed record RoutePolicy
{
    /// <summary>What passing a relay takes beside its links.</summary>
    public Duration RelayTime { get; init; } = ControllerLimits.RelayTime;

    /// <summary>Another way is taken where it saves this part of the time, and <see cref="LeastGainTime"/>.</summary>
    public double LeastGain { get; init; } = ControllerLimits.LeastGain;

    public Duration LeastGainTime { get; init; } = ControllerLimits.LeastGainTime;

    /// <summary>How many ways to a destination a node gets.</summary>
    public int Ways { get; init; } = ControlLimits.MaxWays;

    /// <summary>Whether a way of the one cost, in microseconds, gives way to one of the other.</summary>
    public bool IsWorthIt(int held, int other) =>
        held - other >= Math.Max(LeastGainTime.Microseconds, 1) && held - other >= LeastGain * held;
}
