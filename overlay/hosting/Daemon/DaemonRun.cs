using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WeCan.Hosting.Configuration;
using WeCan.Hosting.Logging;
using WeCan.Hosting.Metrics;
using WeCan.Hosting.Notify;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// One run of a daemon, from a valid configuration to the exit code: (1) log, metrics and services are made, (2) the services
/// start, then the daemon's own work, (3) it is told ready, (4) signals reload or stop it, (5) it drains, (6) what is left
/// stops. It is itself the last of the host's services, so that it starts after the others and stops before them.
/// </summary>
internal sealed class DaemonRun<TOptions> : IHostedService
    where TOptions : class
{
    private readonly DaemonDefinition<TOptions> _definition;
    private readonly DaemonProcess _process;
    private readonly LoadedConfig<DaemonOptions<TOptions>> _config;
    private readonly ILogger _log;
    private readonly HealthState _health;
    private readonly ServiceNotifier _notifier;
    private readonly DaemonContext<TOptions> _context;
    private readonly DaemonReload<TOptions> _reload;
    private readonly MetricsServer? _metricsServer;
    private readonly CancellationTokenSource _hurry = new();
    private DaemonException? _why;
    private string? _stoppedBy;
    private bool _isDrained = true;
    private ITimer? _statusTimer;
    private ITimer? _startOver;
    private Watchdog? _watchdog;

    private DaemonRun(DaemonParts<TOptions> parts, DaemonContext<TOptions> context, MetricsServer? metricsServer)
    {
        (_definition, _process, _config, _health, _notifier) = (parts.Definition, parts.Process, parts.Config, parts.Health, parts.Notifier);
        (_context, _metricsServer) = (context, metricsServer);
        _log = context.Loggers.CreateLogger(parts.Definition.Name);
        _reload = new DaemonReload<TOptions>(parts, context, _log);
    }

    public static async Task<int> RunAsync(
        DaemonDefinition<TOptions> definition, LoadedConfig<DaemonOptions<TOptions>> config, ConfigLoader<DaemonOptions<TOptions>> loader, DaemonProcess process, bool isDebug)
    {
        process.Signals.Listen();
        var format = config.Options.Log.Format;
        if (format == LogFormat.Auto)
            format = JournalStream.Is(process.Variables, process.ErrorTarget) ? LogFormat.Journal : LogFormat.Plain;
        var level = new LogLevelSwitch(isDebug ? LogLevel.Debug : config.Options.Log.Level);
        using var logs = new DaemonLoggerProvider(format, level, process.Error, process.Time);
        using var notifier = new ServiceNotifier(process.Variables);
        using var registry = new MetricRegistry("WeCan*");
        var health = new HealthState();
        using var processMetrics = new ProcessMetrics(definition.Name, process.Version);
        using var runtimeMetrics = new RuntimeMetrics();
        using var metrics = new DaemonMetrics(registry, health, () => logs.LinesLost);
        var parts = new DaemonParts<TOptions>(definition, config, loader, process, level, registry, health, notifier, metrics) { IsDebug = isDebug };

        DaemonRun<TOptions>? run = null;
        using var host = BuildHost(parts, logs, services => run = Create(parts, services));
        try
        {
            await host.StartAsync();
            await host.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop before it stood.
            await host.StopAsync();
        }
        catch (Exception failure)
        {
            notifier.Status(DaemonFailure.Describe(failure).Sentence);
            await host.StopAsync();
            throw;
        }

        if (run?._why is { } why)
            throw why;
        if (FailedService(host) is { } failed)
            throw failed;
        return run is { _isDrained: false } ? ExitCodes.DrainIncomplete : ExitCodes.Ok;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in _config.Warnings)
            DaemonLog.ConfigWarning(_log, warning);
        if (_metricsServer is not null)
            StartMetrics();
        await _definition.Start(_context, cancellationToken);
        _health.NotReady = null;
        _watchdog = new Watchdog(_notifier, _process.Time, _health.WhatHangs, hangs => DaemonLog.WatchdogSilent(_log, hangs));
        _notifier.Ready(StatusNow());
        if (_notifier.IsConnected)
            _statusTimer = _process.Time.CreateTimer(_ => _notifier.Status(StatusNow()), null, HostingLimits.StatusInterval, HostingLimits.StatusInterval);
        _startOver = _process.Time.CreateTimer(static _ => SpentMemory.TryGiveBack(), null, HostingLimits.StartOver, Timeout.InfiniteTimeSpan);
        _process.Signals.WhenReloadAsked(_reload.Run);
        if (_metricsServer is not null)
            DaemonLog.MetricsAt(_log, _metricsServer.Address);
        DaemonLog.Ready(_log, _definition.Name, _process.Version, _config.HasFile ? _config.Inputs.File : "defaults, as there is no file");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var hasStood = _health.NotReady is null;
        _process.Signals.WhenReloadAsked(null);
        _health.NotReady = "draining";
        if (_statusTimer is not null)
            await _statusTimer.DisposeAsync();
        if (_startOver is not null)
            await _startOver.DisposeAsync();
        _notifier.Stopping("draining", HostingLimits.Drain + HostingLimits.StopAfterDrain);
        if (_stoppedBy is not null)
            DaemonLog.Stopping(_log, _stoppedBy);
        _isDrained = await _context.Drains.RunAsync(_process.Time, _log, _hurry.Token);
        if (_isDrained && hasStood)
            DaemonLog.Drained(_log);
        _watchdog?.Dispose();
        if (_metricsServer is not null)
            await _metricsServer.DisposeAsync();
    }

    /// <summary>The first call drains, a second one ends the drain.</summary>
    private void Stop(string by, IHostApplicationLifetime lifetime)
    {
        if (Interlocked.CompareExchange(ref _stoppedBy, by, null) is null)
            lifetime.StopApplication();
        else
            _hurry.Cancel();
    }

    private void CannotGoOn(DaemonException? why, IHostApplicationLifetime lifetime)
    {
        if (why is not null && Interlocked.CompareExchange(ref _why, why, null) is null)
            DaemonLog.CannotGoOn(_log, why.Message);
        if (Interlocked.CompareExchange(ref _stoppedBy, "itself", null) is null)
            lifetime.StopApplication();
    }

    private void StartMetrics()
    {
        try
        {
            _metricsServer!.Start();
        }
        catch (System.Net.Sockets.SocketException failure)
        {
            throw DaemonFailure.Listening("metrics.listen", _config.Options.Metrics.Listen, failure);
        }
    }

    // The host stops when one of its background services fails, and does not say so to its caller.
    private static Exception? FailedService(IHost host) =>
        host.Services.GetServices<IHostedService>().OfType<BackgroundService>().Select(service => service.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(failure => failure is not null);

    private string StatusNow() => _context.Status?.Invoke() ?? "running";

    private static DaemonRun<TOptions> Create(DaemonParts<TOptions> parts, IServiceProvider services)
    {
        DaemonRun<TOptions>? run = null;
        var lifetime = services.GetRequiredService<IHostApplicationLifetime>();
        var loggers = services.GetRequiredService<ILoggerFactory>();
        var context = new DaemonContext<TOptions>(
            parts.Config.Options.Own, services, loggers, parts.Level, parts.Registry, parts.Health, parts.Process.Time, why => run!.CannotGoOn(why, lifetime));
        var options = parts.Config.Options.Metrics;
        var server = options.Enabled ? new MetricsServer(options.Listen, parts.Registry, parts.Health, parts.Process.Time) : null;
        run = new DaemonRun<TOptions>(parts, context, server);
        parts.Process.Signals.WhenStopAsked(by => run.Stop(by, lifetime));
        return run;
    }

    private static IHost BuildHost(DaemonParts<TOptions> parts, ILoggerProvider logs, Func<IServiceProvider, DaemonRun<TOptions>> create)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = parts.Definition.Name });
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        if (!parts.IsDebug)
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // It tells failures again, with all their frames.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = HostingLimits.Drain + HostingLimits.StopAfterDrain);
        builder.Services.AddSingleton<IHostLifetime, DaemonLifetime>();
        builder.Services.AddSingleton(parts.Config.Options.Own);
        builder.Services.AddSingleton(parts.Registry);
        builder.Services.AddSingleton(parts.Level);
        builder.Services.AddSingleton(parts.Process.Time);
        parts.Definition.Services?.Invoke(builder.Services, parts.Config.Options.Own);
        builder.Services.AddSingleton<IHostedService>(create);
        return builder.Build();
    }
}
