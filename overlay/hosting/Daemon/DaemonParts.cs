using WeCan.Hosting.Configuration;
using WeCan.Hosting.Logging;
using WeCan.Hosting.Metrics;
using WeCan.Hosting.Notify;

namespace WeCan.Hosting.Daemon;

/// <summary>What one run of a daemon is made of.</summary>
internal sealed record DaemonParts<TOptions>(
    DaemonDefinition<TOptions> Definition,
    LoadedConfig<DaemonOptions<TOptions>> Config,
    ConfigLoader<DaemonOptions<TOptions>> Loader,
    DaemonProcess Process,
    LogLevelSwitch Level,
    MetricRegistry Registry,
    HealthState Health,
    ServiceNotifier Notifier,
    DaemonMetrics Metrics)
    where TOptions : class
{
    public bool IsDebug { get; init; }
}
