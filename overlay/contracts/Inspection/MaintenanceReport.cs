namespace WeCan.Contracts.Inspection;

/// <summary>What is in maintenance.</summary>
/// <param name="Version">The version of the policy that says so.</param>
/// <param name="Entries">Rule by rule.</param>
public sealed record MaintenanceReport(long Version, IReadOnlyList<MaintenanceEntry> Entries);
