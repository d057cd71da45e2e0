namespace WeCan.Contracts.Inspection;

/// <summary>In what two policies differ.</summary>
/// <param name="From">The version that is gone out from.</param>
/// <param name="To">The other version; null for the document that was sent.</param>
/// <param name="Changes">Place by place; none where both say the same.</param>
public sealed record PolicyDiffReport(long From, long? To, IReadOnlyList<PolicyChangeEntry> Changes);
