using WeCan.Hosting.Configuration;
using WeCan.Hosting.Logging;
using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Daemon;

/// <summary>What every daemon's configuration has, beside its own part.</summary>
internal sealed record DaemonOptions<TOptions>(TOptions Own, LogOptions Log, MetricOptions Metrics)
    where TOptions : class
{
    public static DaemonOptions<TOptions> Read(ConfigReader read, DaemonDefinition<TOptions> definition) => new(
        definition.Options(read),
        read.Section("log", LogOptions.Read),
        read.Section("metrics", section => MetricOptions.Read(section, definition.MetricsPort)));
}
