using Microsoft.Extensions.Logging;
using WeCan.Hosting.Configuration;

namespace WeCan.Hosting.Logging;

/// <summary>What is logged, and how it is written.</summary>
public sealed record LogOptions
{
    public LogLevel Level { get; init; } = LogLevel.Information;

    public LogFormat Format { get; init; } = LogFormat.Auto;

    internal static LogOptions Read(ConfigReader read) => new()
    {
        Level = read.Value("level", LogLevels.Kind, LogLevel.Information, "the least that is logged", live: true),
        Format = read.Value("format", ValueKinds.Choice<LogFormat>(), LogFormat.Auto, "how log lines are written"),
    };
}
