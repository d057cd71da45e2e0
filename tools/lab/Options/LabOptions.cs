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

    /// <summary>The bad network, with hosts a, r and b.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The same as text, for the node processes.</summary>
    public required string ScenarioText { get; init; }
}
