namespace WeCan.Contracts.Inspection;

/// <summary>What became of a policy that was set.</summary>
/// <param name="Version">The version that holds from now on.</param>
/// <param name="IsNew">Whether it is a new one; false where the version before says the same already.</param>
/// <param name="Changes">In what it differs from the version before.</param>
/// <param name="Warnings">What is probably not meant so, each as a sentence.</param>
public sealed record PolicySetReport(long Version, bool IsNew, IReadOnlyList<PolicyChangeEntry> Changes, IReadOnlyList<string> Warnings);
