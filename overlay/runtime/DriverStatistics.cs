using WeCan.Contracts;
using WeCan.Runtime.Impairment;

namespace WeCan.Runtime;

/// <summary>What one driver's loop has done since it started. Written by the loop alone; others may read at any time.</summary>
public sealed class DriverStatistics
{
    private readonly long[] _sendFailures = new long[(int)SendFailure.Other + 1];
    private long _commandsRefused;

    /// <summary>How often the loop went round.</summary>
    public long Turns { get; internal set; }

    public long CommandsRun { get; internal set; }

    /// <summary>Commands that found the queue full; their posters were told.</summary>
    public long CommandsRefused => Volatile.Read(ref _commandsRefused);

    public long DatagramsReceived { get; internal set; }

    public long BytesReceived { get; internal set; }

    /// <summary>Errors that the system reported while receiving, such as what ICMP said of an earlier datagram.</summary>
    public long ReceiveErrors { get; internal set; }

    public long DatagramsSent { get; internal set; }

    public long BytesSent { get; internal set; }

    /// <summary>How often the socket was full; the datagram was kept and sent when it no longer was.</summary>
    public long SendsDeferred { get; internal set; }

    /// <summary>How often the system was asked for datagrams, and given some.</summary>
    public long ReceiveCalls { get; internal set; }

    public long SendCalls { get; internal set; }

    /// <summary>Managed memory that commands of other threads allocated on the loop's, such as a scraper's look at the node.</summary>
    public long AllocatedByCommands { get; internal set; }

    /// <summary>What the loop's thread allocated beside that.</summary>
    public long AllocatedInTurns { get; internal set; }

    /// <summary>The system joins datagrams of one sender on their way in (GRO).</summary>
    public bool JoinsReceives { get; internal set; }

    /// <summary>Datagrams to one address leave as one message, which the system cuts (GSO).</summary>
    public bool JoinsSends { get; internal set; }

    /// <summary>A stage makes what leaves worse on purpose: a lab's node, never one that serves.</summary>
    public bool IsImpaired { get; internal set; }

    /// <summary>What such a stage did, if it is the runtime's own.</summary>
    public ImpairmentCounters Impaired { get; } = new();

    /// <summary>The most that a turn began after the time it was due at.</summary>
    public Duration MaxLoopLag { get; private set; }

    /// <summary>All of it together, but for what any busy machine may do (<see cref="RuntimeLimits.LateTurn"/>): time that the loop was kept waiting.</summary>
    public Duration LateTime { get; private set; }

    public long SendFailures(SendFailure reason) => _sendFailures[(int)reason];

    internal void Add(SendFailure reason) => _sendFailures[(int)reason]++;

    internal void AddRefusedCommand() => Interlocked.Increment(ref _commandsRefused);

    internal void NoteLag(Duration lag)
    {
        MaxLoopLag = Duration.Max(MaxLoopLag, lag);
        if (lag > RuntimeLimits.LateTurn)
            LateTime += lag;
    }
}
