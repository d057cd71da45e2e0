using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class DaemonLogger(DaemonLoggerProvider provider, string category) : ILogger
{
    private readonly bool _isOfPlatform = category.StartsWith("Microsoft.", StringComparison.Ordinal) || category.StartsWith("System.", StringComparison.Ordinal);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => provider.Switch.Allows(logLevel, _isOfPlatform);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var fields = state as IReadOnlyList<KeyValuePair<string, object?>>;
        if (!provider.Limiter.Allows(category, eventId, logLevel, TemplateOf(fields)))
            return;
        provider.Write(new LogLine
        {
            Time = provider.Time.GetUtcNow(),
            Level = logLevel,
            Event = eventId,
            Category = category,
            Message = formatter(state, exception),
            Fields = fields,
            Exception = exception,
        });
    }

    private static string? TemplateOf(IReadOnlyList<KeyValuePair<string, object?>>? fields) =>
        fields is [.., { Key: "{OriginalFormat}", Value: string template }] ? template : null;
}
