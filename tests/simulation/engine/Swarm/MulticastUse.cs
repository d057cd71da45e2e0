using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>One use of a planned multicast flow: from its opening in one life of its origin to that life's end.</summary>
/// <param name="Number">No other multicast use in the run has it; messages carry it.</param>
/// <param name="Life">The origin's.</param>
internal sealed record MulticastUse(uint Number, SwarmMulticast Flow, BootEpoch Life)
{
    public override string ToString() => $"multicast use {Number} of {Flow.Index} n{Flow.From + 1}({Life})";
}
