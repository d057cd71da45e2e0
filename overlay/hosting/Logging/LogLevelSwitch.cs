using Microsoft.Extensions.Logging;

namespace WeCan.Hosting.Logging;

/// <summary>
/// The level that counts now, for the whole process. Anyone may change it at any time, and the next line obeys. What the
/// platform logs about itself begins at Warning, unless everything down to Debug is asked for.
/// </summary>
public sealed class LogLevelSwitch(LogLevel level)
{
    private volatile int _level = (int)level;

    public LogLevel Level
    {
        get => (LogLevel)_level;
        set => _level = (int)value;
    }

    internal bool Allows(LogLevel level, bool isOfPlatform)
    {
        var least = _level;
        if (isOfPlatform && least > (int)LogLevel.Debug)
            least = Math.Max(least, (int)LogLevel.Warning);
        return level != LogLevel.None && (int)level >= least;
    }
}
