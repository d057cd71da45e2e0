using Microsoft.Extensions.Logging;

namespace WeCan.Integration.Tests.Control;

/// <summary>A log whose lines a test reads.</summary>
internal sealed class LineLogger : ILogger
{
    private readonly Lock _changing = new();
    private readonly List<string> _lines = [];

    public string Text
    {
        get
        {
            lock (_changing)
                return string.Join('\n', _lines);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_changing)
            _lines.Add(formatter(state, exception));
    }
}
