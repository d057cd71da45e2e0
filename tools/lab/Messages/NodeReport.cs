namespace WeCan.Lab.Messages;

/// <summary>Everything that one node knows, at one moment.</summary>
/// <param name="Drops">Packets that the node let go, and datagrams that its system refused, by reason; only what occurred.</param>
/// <param name="LateMilliseconds">How long its machine kept the loop waiting since the flows that count began.</param>
internal sealed record NodeReport(
    LinkReport[] Links, PathReport[] Paths, SourceReport[] Sources, SinkReport[] Sinks, Dictionary<string, long> Drops,
    long LinksLost, double LoopLagMilliseconds, double LateMilliseconds);
