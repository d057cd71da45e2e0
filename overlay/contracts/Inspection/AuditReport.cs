namespace WeCan.Contracts.Inspection;

/// <summary>The last changes that were made, the newest last.</summary>
public sealed record AuditReport(IReadOnlyList<AuditEntry> Changes);
