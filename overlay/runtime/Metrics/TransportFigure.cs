using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Metrics;

/// <summary>One counter of the transport as a metric.</summary>
internal sealed record TransportFigure(string Name, string Help, Func<TransportCounters, long> Read);
