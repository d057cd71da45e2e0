using WeCan.Contracts;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing.Policy;

/// <summary>How much better a way must be to be taken, and how many pairs may move at once.</summary>
internal sealed record DampingPolicy
{
    public double LeastGain { get; init; } = GraphLimits.LeastGain;

    public Duration LeastGainTime { get; init; } = GraphLimits.LeastGainTime;

    /// <summary>The part of all pairs that moves in one round to what is only better.</summary>
    public double MostChanges { get; init; } = GraphLimits.MostChanges;
}
