namespace WeCan.Simulation.Overload;

/// <summary>A Realtime flow of one priority.</summary>
/// <param name="Priority">0 to 7.</param>
/// <param name="Load">What it sends, over what the bottleneck carries of such messages.</param>
public readonly record struct OverloadFlow(byte Priority, double Load);
