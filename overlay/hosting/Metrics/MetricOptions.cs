using System.Net;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Metrics;

/// <summary>Where the metrics are served. They tell much about a network and have no password, so only this machine sees them by default.</summary>
public sealed record MetricOptions
{
    public bool Enabled { get; init; } = true;

    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    internal static MetricOptions Read(ConfigReader read, int port) => new()
    {
        Enabled = read.Value("enabled", ValueKinds.Flag, true, "whether /metrics, /healthz and /readyz are served"),
        Listen = read.Value("listen", ValueKinds.EndPoint, new IPEndPoint(IPAddress.Loopback, port), "the TCP address they are served at, by plain HTTP"),
    };
}
