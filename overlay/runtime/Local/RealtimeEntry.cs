namespace WeCan.Runtime.Local;

/// <summary>What an edge knows of one way from its own Realtime packets. Shares are 0 to 1.</summary>
/// <param name="IsTaken">Realtime flows over one way take it.</param>
/// <param name="Loss">The share that did not come in time.</param>
/// <param name="DelayMs">From sending to arrival, the mean.</param>
/// <param name="Marks">The share that came marked, as queues were long.</param>
internal sealed record RealtimeEntry(bool IsTaken, double Loss, double DelayMs, double Marks);
