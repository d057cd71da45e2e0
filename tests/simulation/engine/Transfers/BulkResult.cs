namespace WeCan.Simulation.Transfers;

/// <summary>What one flow made of a bottleneck that it had to itself.</summary>
/// <param name="GoodputMbps">Payload that the application was given, over the whole time.</param>
/// <param name="QueueP50Ms">The median of what a packet would have waited at the bottleneck.</param>
/// <param name="Wire">IP bytes sent forward, over those of plain UDP with 1,200 bytes of the same payload in each packet.</param>
public sealed record BulkResult(double GoodputMbps, double QueueP50Ms, double Wire);
