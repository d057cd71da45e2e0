using Microsoft.Extensions.Logging;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Logging;

/// <summary>The levels by the words that the configuration and the log use, and by journald's priorities.</summary>
internal static class LogLevels
{
    private const string All = "trace, debug, info, warn, error, crit or none";

    public static ValueKind<LogLevel> Kind { get; } = new($"one of {All}", "info", Parse, WordOf);

    public static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        LogLevel.Critical => "crit",
        _ => "none",
    };

    public static int PriorityOf(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static string? Parse(string text, out LogLevel value)
    {
        foreach (var level in Enum.GetValues<LogLevel>())
        {
            value = level;
            if (text == WordOf(level) || text.Equals(level.ToString(), StringComparison.OrdinalIgnoreCase))
                return null;
        }

        value = LogLevel.Information;
        return $"there is no such level, write {All}";
    }
}
