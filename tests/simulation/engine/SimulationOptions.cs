using WeCan.Contracts;

namespace WeCan.Simulation;

/// <summary>How a simulation runs beside what its scenario says.</summary>
public sealed record SimulationOptions
{
    /// <summary>In place of the scenario's seed: it decides the network's chance, the hosts' clocks and the hosts' own seeds.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Hosts' clocks start anywhere from a second to this.</summary>
    public Duration MaxClockOffset { get; init; } = Duration.FromSeconds(6 * 3_600);

    /// <summary>Clocks of hosts whose drift the scenario does not state run up to this much fast or slow.</summary>
    public double MaxDriftPpm { get; init; }

    /// <summary>More events than this in the whole run are a failure.</summary>
    public long MaxSteps { get; init; } = 1_000_000_000;

    /// <summary>More events than this without virtual time moving are a livelock.</summary>
    public int MaxStepsPerInstant { get; init; } = 100_000;

    /// <summary>More datagrams than this that a host sends at one poll are a livelock.</summary>
    public int MaxTransmitsPerPoll { get; init; } = 20_000;

    internal void ThrowIfInvalid()
    {
        if (MaxClockOffset < Duration.FromSeconds(1))
            throw new ArgumentException($"MaxClockOffset is {MaxClockOffset}; write a second or more.");
        if (!(MaxDriftPpm >= 0 && MaxDriftPpm <= 100_000))
            throw new ArgumentException($"MaxDriftPpm is {MaxDriftPpm}; write 0 to 100,000.");
        if (MaxSteps <= 0 || MaxStepsPerInstant <= 0 || MaxTransmitsPerPoll <= 0)
            throw new ArgumentException("MaxSteps, MaxStepsPerInstant and MaxTransmitsPerPoll are 1 or more.");
    }
}
