using WeCan.Contracts;

namespace WeCan.Lab;

/// <summary>What the lab sends, how long it waits, and where its check draws the line.</summary>
internal static class LabLimits
{
    public const int DefaultSeconds = 15;

    /// <summary>What --check runs for unless told otherwise.</summary>
    public const int CheckSeconds = 8;

    public const int MaxSeconds = 3_600;

    public const double MaxDelayMilliseconds = 10_000;

    /// <summary>Nodes that the lab runs, each a process of some 60 MiB.</summary>
    public const int MaxNodes = 24;

    public const int MessagesPerSecond = 100;

    public const int RealtimeBytes = 1_000;

    /// <summary>
    /// Realtime packets that --check lets go missing: late, or not there. Daemons of a few seconds' age still learn what their links lose, and routes move.
    /// </summary>
    public const double MissedShare = 0.02;

    /// <summary>
    /// A machine that keeps the loops waiting for longer than this share of the run is too busy to hold a deadline, and
    /// what Realtime missed says nothing of the network; a quiet one stays below a tenth of it.
    /// </summary>
    public const double LateShare = 0.01;

    /// <summary>Messages of one flow that a sink can tell apart.</summary>
    public const int MaxMessages = MaxSeconds * MessagesPerSecond * 2;

    /// <summary>What a program at the end of a tunnel reads at once.</summary>
    public const int ReadBytes = 64 << 10;

    public const int PortAttempts = 100;

    public static readonly Duration RealtimeDeadline = Duration.FromMilliseconds(200);

    public static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    /// <summary>Until every link stands and every flow's first messages have come through.</summary>
    public static readonly TimeSpan LinkBound = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Before what counts: cold processes compile their packet path first, and routes settle.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    /// <summary>After the last message: what is still under way arrives, or counts as lost. A fraction of a second is enough where nothing is wrong.</summary>
    public static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(15);

    /// <summary>A Realtime packet that has not come by then does not come.</summary>
    public static readonly TimeSpan RealtimeDrain = TimeSpan.FromMilliseconds(500);

    /// <summary>What a command of the controller may take.</summary>
    public static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(60);
}
