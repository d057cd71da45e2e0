namespace WeCan.Lab.Reports;

/// <summary>One daemon as its process and its metrics show it.</summary>
/// <param name="Links">Links to other nodes that stand.</param>
/// <param name="LateSeconds">How long its machine kept its loop waiting since it started.</param>
/// <param name="ProcessorPercent">Of one processor, since the report before.</param>
internal sealed record NodeReport(string Name, string Role, int Process, bool Runs, int Links, bool IsConnected, double ProcessorPercent, double MemoryMiB, long Forwarded, long Lost, long Repaired, double LateSeconds);
