namespace WeCan.Lab.Reports;

/// <summary>What all daemons and flows showed at about one time.</summary>
/// <param name="Events">What the scenario has done so far, each with its second.</param>
internal sealed record LabSnapshot(double Seconds, IReadOnlyList<NodeReport> Nodes, IReadOnlyList<FlowReport> Flows, IReadOnlyList<string> Events);
