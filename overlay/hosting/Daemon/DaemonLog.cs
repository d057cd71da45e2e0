using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Daemon;

/// <summary>What every daemon says of itself: events 1000 to 1099.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information, Message = "{Daemon} {Version} stands, configured by {File}.")]
    public static partial void Ready(ILogger log, string daemon, string version, string file);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Metrics are at {Address}metrics.")]
    public static partial void MetricsAt(ILogger log, Uri address);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Asked to stop by {By}: draining.")]
    public static partial void Stopping(ILogger log, string by);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Drained.")]
    public static partial void Drained(ILogger log);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Warning, Message = "The drain was cut short in \"{Step}\", as it {Why}; {Left} steps after it were left out.")]
    public static partial void DrainCut(ILogger log, string step, string why, int left);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Error, Message = "Draining \"{Step}\" failed: {Reason}")]
    public static partial void DrainStepFailed(ILogger log, string step, string reason, Exception failure);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Information, Message = "Reloaded: {Changes}.")]
    public static partial void Reloaded(ILogger log, string changes);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Error, Message = "Not reloaded, all stays as it was: {Problems}")]
    public static partial void NotReloaded(ILogger log, string problems);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Error, Message = "A part of the daemon did not take the reloaded options: {Reason}")]
    public static partial void ReloadStepFailed(ILogger log, string reason, Exception failure);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Error, Message = "No sign of life goes to systemd, which will restart this process: {Hangs}.")]
    public static partial void WatchdogSilent(ILogger log, string hangs);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void ConfigWarning(ILogger log, string warning);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Critical, Message = "Stopping, as it cannot go on: {Reason}")]
    public static partial void CannotGoOn(ILogger log, string reason);
}
