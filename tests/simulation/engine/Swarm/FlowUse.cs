using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>One use of a planned flow: from its opening in one life of its origin to its end.</summary>
/// <param name="Number">No other use in the run has it; messages carry it.</param>
/// <param name="Life">The origin's.</param>
public sealed record FlowUse(uint Number, SwarmFlow Flow, BootEpoch Life)
{
    public override string ToString() => $"{Flow.Class} use {Number} of flow {Flow.Index} n{Flow.From + 1}({Life})->n{Flow.To + 1}";
}
