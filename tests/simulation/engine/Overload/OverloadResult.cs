namespace WeCan.Simulation.Overload;

/// <summary>What became of an overload.</summary>
/// <param name="InTime">Of each flow, in the order of the flows, the share of its messages that arrived before the deadline.</param>
/// <param name="Used">All that arrived in time, over what the bottleneck could have carried.</param>
/// <param name="QueueP50Ms">The median of what a packet would have waited at the bottleneck.</param>
/// <param name="QueueP99Ms">The longest but one in a hundred.</param>
/// <param name="Uncounted">Messages that neither arrived nor were counted by any node as dropped. Less than zero where what was given up arrived after all.</param>
public sealed record OverloadResult(IReadOnlyList<double> InTime, double Used, double QueueP50Ms, double QueueP99Ms, long Uncounted);
