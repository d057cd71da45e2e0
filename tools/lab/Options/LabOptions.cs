using WeCan.Lab.Wan;

namespace WeCan.Lab.Options;

/// <summary>What the command line asked for.</summary>
internal sealed record LabOptions
{
    /// <summary>How long the flows send.</summary>
    public int Seconds { get; init; } = LabLimits.DefaultSeconds;

    public bool IsCheck { get; init; }

    public bool IsJson { get; init; }

    public bool IsHelp { get; init; }

    /// <summary>The bad network.</summary>
    public required Scenario Scenario { get; init; }

    public required LabPlan Plan { get; init; }

    /// <summary>What is done to datagrams, in one line that nobody can overlook.</summary>
    public required string Impairment { get; init; }
}
