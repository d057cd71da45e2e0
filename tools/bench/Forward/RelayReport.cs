namespace WeCan.Bench.Forward;

/// <summary>What a relay has done since it started, by its own count.</summary>
internal readonly record struct RelayReport(long AllocatedBytes, long Turns, long ReceiveCalls, long DatagramsReceived, long SendCalls, long DatagramsSent);
