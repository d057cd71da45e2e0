using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>
/// Keeps one kind of line from flooding the log: the first few of a window pass, the rest are counted, and <see cref="TakeEnded"/>
/// tells after the window how many there were. A kind is an event of a category, or what was said where there is no number.
/// Critical lines always pass.
/// </summary>
internal sealed class RepeatLimiter(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Category, int Event, string? Said), Window> _windows = new();

    public bool Allows(string category, EventId happened, LogLevel level, string? said)
    {
        if (level == LogLevel.Critical)
            return true;
        var key = happened.Id != 0 ? (category, happened.Id, null) : (category, 0, said);
        if (!_windows.TryGetValue(key, out var window))
        {
            // Beyond the bound all further kinds share one count, so that text from outside cannot make this grow.
            if (_windows.Count >= HostingLimits.RepeatKinds)
                (key, category, happened) = (("", 0, null), "log", default);
            window = _windows.GetOrAdd(key, new Window(category, happened, time.GetTimestamp()));
        }

        lock (window)
            return window.Allows(time, level);
    }

    /// <summary>What was held back in windows that are over, or in all of them, and is not told yet.</summary>
    public IEnumerable<HeldBackLines> TakeEnded(bool all)
    {
        foreach (var window in _windows.Values)
        {
            HeldBackLines held;
            lock (window)
                held = window.Take(time, all);
            if (held.Lines > 0)
                yield return held;
        }
    }

    private sealed class Window(string category, EventId happened, long from)
    {
        private long _from = from;
        private int _seen;
        private long _heldBack;
        private LogLevel _level;

        public bool Allows(TimeProvider time, LogLevel level)
        {
            if (IsOver(time))
                (_from, _seen) = (time.GetTimestamp(), 0);
            _level = level;
            if (_seen < HostingLimits.RepeatsAllowed)
            {
                _seen++;
                return true;
            }

            _heldBack++;
            return false;
        }

        public HeldBackLines Take(TimeProvider time, bool all)
        {
            if (!all && !IsOver(time))
                return default;
            var held = new HeldBackLines(category, happened, _level, _heldBack);
            _heldBack = 0;
            return held;
        }

        private bool IsOver(TimeProvider time) => time.GetElapsedTime(_from) >= HostingLimits.RepeatWindow;
    }
}
