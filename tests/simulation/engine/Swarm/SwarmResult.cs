namespace WeCan.Simulation.Swarm;

/// <summary>How a run went: the verdict, and numbers that show that it had something to judge.</summary>
public sealed record SwarmResult
{
    public required ulong Seed { get; init; }

    /// <summary>Null when every promise was kept.</summary>
    public required SwarmFailure? Failure { get; init; }

    public required ulong Fingerprint { get; init; }

    public required long Steps { get; init; }

    public required SwarmTally Tally { get; init; }
}
