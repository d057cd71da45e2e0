namespace WeCan.Contracts.Inspection;

/// <summary>The members, by their numbers.</summary>
public sealed record NodesReport(IReadOnlyList<NodeEntry> Nodes);
