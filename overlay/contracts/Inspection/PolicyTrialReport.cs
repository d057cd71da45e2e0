namespace WeCan.Contracts.Inspection;

/// <summary>What would be, if a policy was set now. Nothing was changed.</summary>
public sealed record PolicyTrialReport
{
    /// <summary>The version that it would replace.</summary>
    public required long Version { get; init; }

    /// <summary>In what it differs from that.</summary>
    public required IReadOnlyList<PolicyChangeEntry> Changes { get; init; }

    /// <summary>What is probably not meant so, each as a sentence.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Ordered pairs of nodes that routes are computed for, in one class.</summary>
    public required int Pairs { get; init; }

    /// <summary>By class, what would become of them.</summary>
    public required IReadOnlyList<PolicyTrialClass> Classes { get; init; }

    /// <summary>
    /// Further pairs, each class counted, that look for another way later: where what links carry counts, not all are led elsewhere at once, and those after the
    /// first go by what these have made of the links.
    /// </summary>
    public required int Waiting { get; init; }

    /// <summary>A few of the pairs that would change, those that would lose every way first.</summary>
    public required IReadOnlyList<PolicyTrialPair> Examples { get; init; }
}
