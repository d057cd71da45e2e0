namespace WeCan.Contracts.Inspection;

/// <summary>How Realtime packets came from one edge to another.</summary>
public sealed record PairQuality(NodeName From, NodeName To, QualityEntry Quality);
