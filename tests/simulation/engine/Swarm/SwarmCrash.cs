using WeCan.Contracts;

namespace WeCan.Simulation.Swarm;

/// <summary>A program that dies and comes back.</summary>
/// <param name="IsGraceful">Says goodbye to its peers before.</param>
/// <param name="ClockAfter">What the machine's clock is after a reboot; null when it runs on.</param>
public sealed record SwarmCrash(int Place, MonoTime At, MonoTime RestartAt, bool IsGraceful, HostClock? ClockAfter)
{
    public override string ToString() =>
        $"n{Place + 1} {(IsGraceful ? "shuts down" : "crashes")} at {At}, restarts at {RestartAt}{(ClockAfter is { } clock ? $" with its clock ahead by {clock.Offset}" : "")}";
}
