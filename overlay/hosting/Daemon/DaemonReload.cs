using Microsoft.Extensions.Logging;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Daemon;

/// <summary>
/// Loads the configuration again, from the same file, environment and flags, and applies what can be applied. A configuration
/// with a problem changes nothing. One at a time, in the order in which they were asked for.
/// </summary>
internal sealed class DaemonReload<TOptions>(DaemonParts<TOptions> parts, DaemonContext<TOptions> context, ILogger log)
    where TOptions : class
{
    private readonly Lock _running = new();

    // What is in effect: of keys that are not live, the values of the start.
    private IReadOnlyList<ConfigEntry> _effective = parts.Config.Entries;

    public void Run()
    {
        lock (_running)
        {
            parts.Notifier.Reloading();
            var isApplied = false;
            try
            {
                Apply(parts.Loader.Load(parts.Config.Inputs));
                isApplied = true;
            }
            catch (ConfigException refused)
            {
                DaemonLog.NotReloaded(log, string.Join(' ', refused.Problems.Take(HostingLimits.ProblemsTold)));
            }
            finally
            {
                parts.Metrics.Reloaded(isApplied);
                parts.Notifier.Ready(context.Status?.Invoke() ?? "running");
            }
        }
    }

    private void Apply(LoadedConfig<DaemonOptions<TOptions>> loaded)
    {
        var changes = ConfigChanges.Between(_effective, loaded.Entries);
        _effective = ConfigChanges.Effective(_effective, loaded.Entries);
        if (!parts.IsDebug)
            parts.Level.Level = loaded.Options.Log.Level;
        var before = context.Options;
        context.Options = loaded.Options.Own;
        Action<TOptions, TOptions>[] steps;
        lock (context.Reloads)
            steps = [.. context.Reloads];
        foreach (var step in steps)
        {
            try
            {
                step(before, loaded.Options.Own);
            }
            catch (Exception failure)
            {
                DaemonLog.ReloadStepFailed(log, failure.Message, failure);
            }
        }

        DaemonLog.Reloaded(log, changes.ToString());
    }
}
