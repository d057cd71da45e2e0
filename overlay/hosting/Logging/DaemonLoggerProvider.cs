using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>
/// Writes what a daemon logs on its standard error, which systemd hands to journald. Lines carry priorities as a prefix and
/// not as fields over journald's own socket (docs/decisions/0022). Owned by the daemon's host; disposing writes what waits.
/// </summary>
internal sealed class DaemonLoggerProvider : ILoggerProvider
{
    private readonly LogFormat _format;
    private readonly LogQueue _queue;
    private readonly ITimer _repeats;

    /// <param name="format">A definite format, not Auto.</param>
    /// <param name="levels">The level that counts.</param>
    /// <param name="output">Written by one thread only.</param>
    /// <param name="time">For the lines' times and the windows of repeats.</param>
    public DaemonLoggerProvider(LogFormat format, LogLevelSwitch levels, TextWriter output, TimeProvider time)
    {
        (_format, Switch, Time) = (format, levels, time);
        Limiter = new RepeatLimiter(time);
        _queue = new LogQueue(output, lost => Format(Lost(lost, time)));
        _repeats = time.CreateTimer(_ => TellHeldBack(all: false), null, HostingLimits.RepeatWindow, HostingLimits.RepeatWindow);
    }

    public LogLevelSwitch Switch { get; }

    public TimeProvider Time { get; }

    public RepeatLimiter Limiter { get; }

    public long LinesLost => _queue.Lost;

    public ILogger CreateLogger(string categoryName) => new DaemonLogger(this, categoryName);

    public void Write(in LogLine line) => _queue.Add(Format(line));

    public void Dispose()
    {
        _repeats.Dispose();
        TellHeldBack(all: true);
        _queue.Dispose();
    }

    private void TellHeldBack(bool all)
    {
        foreach (var held in Limiter.TakeEnded(all))
        {
            Write(new LogLine
            {
                Time = Time.GetUtcNow(),
                Level = held.Level,
                Event = held.Event,
                Category = held.Category,
                Message = $"{held.Lines} more lines like the last were not written.",
            });
        }
    }

    private string Format(in LogLine line) => LogWriter.Write(_format, line);

    private static LogLine Lost(long lines, TimeProvider time) => new()
    {
        Time = time.GetUtcNow(),
        Level = LogLevel.Warning,
        Event = default,
        Category = "log",
        Message = $"{lines} log lines were lost, as nobody took them from standard error in time.",
    };
}
