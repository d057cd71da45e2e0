using WeCan.Contracts;
using WeCan.Runtime.Impairment;

namespace WeCan.Runtime;

/// <summary>What one driver's loop has done since it started. Written by the loop alone; others may read at any time.</summary>
public sealed class DriverStatistics : SocketStatistics
{
    private long _commandsRefused;

    /// <summary>How often the loop went round.</summary>
    public long Turns { get; internal set; }

    public long CommandsRun { get; internal set; }

    /// <summary>Commands that found the queue full; their posters were told.</summary>
    public long CommandsRefused => Volatile.Read(ref _commandsRefused);

    /// <summary>Managed memory that commands of other threads allocated on the loop's, such as a scraper's look at the node.</summary>
    public long AllocatedByCommands { get; internal set; }

    /// <summary>What the loop's thread allocated beside that.</summary>
    public long AllocatedInTurns { get; internal set; }

    /// <summary>A stage makes what leaves worse on purpose: a lab's node, never one that serves.</summary>
    public bool IsImpaired { get; internal set; }

    /// <summary>What such a stage did, if it is the runtime's own.</summary>
    public ImpairmentCounters Impaired { get; } = new();

    /// <summary>The most that a turn began after the time it was due at.</summary>
    public Duration MaxLoopLag { get; private set; }

    /// <summary>All of it together, but for what any busy machine may do (<see cref="RuntimeLimits.LateTurn"/>): time that the loop was kept waiting.</summary>
    public Duration LateTime { get; private set; }

    internal void AddRefusedCommand() => Interlocked.Increment(ref _commandsRefused);

    internal void NoteLag(Duration lag)
    {
        MaxLoopLag = Duration.Max(MaxLoopLag, lag);
        if (lag > RuntimeLimits.LateTurn)
            LateTime += lag;
    }
}
