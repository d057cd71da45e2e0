namespace WeCan.Bench.Failover;

/// <summary>What a sink saw.</summary>
/// <param name="Signal">Messages of the stream that came in their turn.</param>
/// <param name="Wrong">Those that were not the next one.</param>
/// <param name="One">The numbers of datagrams that missed their deadline over one way.</param>
/// <param name="Two">Those over two ways.</param>
internal sealed record FlowReport(int Signal, int Wrong, int[] One, int[] Two);
