using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>What one log call said, before it is written in any format.</summary>
internal readonly ref struct LogLine
{
    public required DateTimeOffset Time { get; init; }

    public required LogLevel Level { get; init; }

    public required EventId Event { get; init; }

    public required string Category { get; init; }

    public required string Message { get; init; }

    public IReadOnlyList<KeyValuePair<string, object?>>? Fields { get; init; }

    public Exception? Exception { get; init; }
}
