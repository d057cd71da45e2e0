using WeCan.Contracts;

namespace WeCan.Lab;

/// <summary>What the lab sends, how long it waits, and where its check draws the line.</summary>
internal static class LabLimits
{
    public const int DefaultSeconds = 15;

    /// <summary>What --check runs for unless told otherwise: with starting and draining it stays under 15 seconds.</summary>
    public const int CheckSeconds = 8;

    public const int MaxSeconds = 3_600;

    public const double DefaultLossPercent = 5;

    public const double DefaultDelayMilliseconds = 10;

    public const double MaxDelayMilliseconds = 10_000;

    public const int MessagesPerSecond = 200;

    public const int RealtimeBytes = 1_000;

    /// <summary>Realtime packets that --check lets go missing.</summary>
    public const double MissedShare = 0.01;

    /// <summary>
    /// A machine that keeps the loops waiting for longer than this share of the run is too busy to hold a deadline, and
    /// its Realtime misses say nothing of the network; a quiet one stays below a tenth of it.
    /// </summary>
    public const double LateShare = 0.01;

    /// <summary>How many standard deviations the impairment's loss may be off before the lab does not believe itself.</summary>
    public const double LossDeviations = 5;

    /// <summary>Messages of one flow that a sink can tell apart.</summary>
    public const int MaxMessages = MaxSeconds * MessagesPerSecond * 2;

    /// <summary>Messages that one visit of a source sends at most, where it came late.</summary>
    public const int SendsPerVisit = 64;

    public static readonly Duration RealtimeDeadline = Duration.FromMilliseconds(200);

    /// <summary>When a message that found no room is tried again, if no event says so before.</summary>
    public static readonly Duration RetryAfter = Duration.FromMilliseconds(2);

    public static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan LinkBound = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(10);

    /// <summary>Before what counts.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>After the last message: what is still under way arrives, or counts as lost. A fraction of a second is enough where nothing is wrong.</summary>
    public static readonly TimeSpan DrainBound = TimeSpan.FromSeconds(15);

    /// <summary>A Realtime packet that has not come by then does not come.</summary>
    public static readonly TimeSpan RealtimeDrain = TimeSpan.FromMilliseconds(400);

    public static readonly TimeSpan ExitBound = TimeSpan.FromSeconds(10);
}
