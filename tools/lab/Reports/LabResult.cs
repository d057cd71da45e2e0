namespace WeCan.Lab.Reports;

/// <summary>What --json prints.</summary>
/// <param name="Broken">Whether or not it was asked to check: a sentence for every point that did not hold.</param>
/// <param name="StartSeconds">From the first process until all flows went.</param>
internal sealed record LabResult(
    double Seconds, double StartSeconds, string Impairment, bool Passed, IReadOnlyList<string> Broken, IReadOnlyList<NodeReport> Nodes, IReadOnlyList<FlowReport> Flows, IReadOnlyList<string> Events);
