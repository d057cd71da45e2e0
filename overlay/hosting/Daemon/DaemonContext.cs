using Microsoft.Extensions.Logging;
using WeCan.Hosting.Logging;
using WeCan.Hosting.Metrics;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// What a running daemon has of its host: options, log, metrics, and the moments of its life that it wants to know of. Handed
/// to <see cref="DaemonDefinition{TOptions}.Start"/>; may be used from any thread until the process ends.
/// </summary>
public sealed class DaemonContext<TOptions>
    where TOptions : class
{
    private readonly Action<DaemonException?> _stop;
    private volatile TOptions _options;

    internal DaemonContext(TOptions options, IServiceProvider services, ILoggerFactory loggers, LogLevelSwitch logLevel, MetricRegistry metrics, HealthState health, TimeProvider time, Action<DaemonException?> stop)
    {
        (_options, Services, Loggers, LogLevel, Metrics, Health, Time, _stop) = (options, services, loggers, logLevel, metrics, health, time, stop);
    }

    /// <summary>As last loaded. Keys that are not live keep, in what runs, the value of the start.</summary>
    public TOptions Options
    {
        get => _options;
        internal set => _options = value;
    }

    public IServiceProvider Services { get; }

    public ILoggerFactory Loggers { get; }

    public LogLevelSwitch LogLevel { get; }

    public MetricRegistry Metrics { get; }

    public TimeProvider Time { get; }

    /// <summary>What `systemctl status` shows, asked for every few seconds: "12 links, 3.4 Mbit/s".</summary>
    public Func<string>? Status { get; set; }

    internal HealthState Health { get; }

    internal DrainSequence Drains { get; } = new();

    internal List<Action<TOptions, TOptions>> Reloads { get; } = [];

    /// <summary>Adds something to do when the daemon is asked to stop. What was added first is done first; all of it has 10 s, after which its token is cancelled.</summary>
    public void OnDrain(string name, Func<CancellationToken, Task> drain) => Drains.Add(name, drain);

    /// <summary>Adds what applies new options, given the former and the new ones, which are valid.</summary>
    public void OnReload(Action<TOptions, TOptions> apply)
    {
        lock (Reloads)
            Reloads.Add(apply);
    }

    /// <summary>
    /// Adds a loop that must turn at least once a second for the process to count as alive. Its lag is a metric. When
    /// it has ended as it should it says so (<see cref="LoopPulse.End"/>), as what is left of a drain may take longer.
    /// </summary>
    public LoopPulse AddLoop(string name)
    {
        var pulse = new LoopPulse(name, Time);
        Metrics.Add(pulse.Lag, "wecan_loop_lag", "s", "How late a loop's timed turns came.", new KeyValuePair<string, object?>("loop", name));
        Health.Add(pulse);
        return pulse;
    }

    /// <summary>Adds a condition of readiness: null when it is met, or what is missing, in words.</summary>
    public void ReadyWhen(Func<string?> condition) => Health.Add(condition);

    /// <summary>Stops the daemon from within, drained as by SIGTERM; with <paramref name="why"/> as a failure.</summary>
    public void Stop(DaemonException? why = null) => _stop(why);
}
