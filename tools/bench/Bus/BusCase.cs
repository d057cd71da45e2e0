namespace WeCan.Bench.Bus;

/// <summary>What one case came to: ours, theirs, and the ratio of the two that its bound is set for.</summary>
internal sealed record BusCase(string Name, BusFigures Ours, BusFigures Theirs, double Ratio);
