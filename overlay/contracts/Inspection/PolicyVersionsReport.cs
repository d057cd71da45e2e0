namespace WeCan.Contracts.Inspection;

/// <summary>The last versions of the policy, the newest first.</summary>
/// <param name="Versions">As many as were asked for.</param>
/// <param name="Oldest">The oldest that is kept, and that one can go back to; version 0 always is.</param>
public sealed record PolicyVersionsReport(IReadOnlyList<PolicyVersionEntry> Versions, long Oldest);
