namespace WeCan.Contracts.Inspection;

/// <summary>A pair of nodes and the class of traffic for which it may be asked about its ways: "realtime", "signal" or "bulk".</summary>
public sealed record WayQuestion(string Class, NodeName From, NodeName To);
