using System.Threading.Channels;

namespace WeCan.Hosting.Logging;

/// <summary>
/// Lines on their way to standard error. Whoever logs never waits: a thread of its own writes, and when that cannot follow
/// (journald stands still, a terminal is stopped) lines are counted and dropped, and the count is written when it goes on.
/// </summary>
internal sealed class LogQueue : IDisposable
{
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(HostingLimits.LogQueueLines) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly TextWriter _output;
    private readonly Func<long, string> _tellLost;
    private readonly Thread _thread;
    private long _lost;
    private long _lostUntold;

    public LogQueue(TextWriter output, Func<long, string> tellLost)
    {
        (_output, _tellLost) = (output, tellLost);
        _thread = new Thread(WriteLines) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Lines that found no room, since the start.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public void Add(string line)
    {
        if (_lines.Writer.TryWrite(line))
            return;
        Interlocked.Increment(ref _lost);
        Interlocked.Increment(ref _lostUntold);
    }

    /// <summary>Writes what waits, within a bound.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _thread.Join(HostingLimits.LogFlush);
    }

    private void WriteLines()
    {
        var reader = _lines.Reader;
        try
        {
            while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
            {
                while (reader.TryRead(out var line))
                    _output.WriteLine(line);
                if (Interlocked.Exchange(ref _lostUntold, 0) is > 0 and var lost)
                    _output.WriteLine(_tellLost(lost));
                _output.Flush();
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            // There is nobody left who could read what would be said about it.
        }
    }
}
