using WeCan.Contracts;

namespace WeCan.MessageBus.Protocol.Sessions;

/// <summary>What a session keeps, at either end, and for how long. May be tuned: the other end needs to know none of it.</summary>
internal static class SessionLimits
{
    /// <summary>Counted frames are kept in blocks of about this size.</summary>
    public const int BlockBytes = 32 << 10;

    /// <summary>The most that is handed to a connection in one piece.</summary>
    public const int MaxPiece = 64 << 10;

    /// <summary>What came is told after so many counted frames, or so many bytes, or <see cref="ReceivedDelay"/> after the first of them.</summary>
    public const int ReceivedFrames = 256;

    public const int ReceivedBytes = 32 << 10;

    public static readonly Duration ReceivedDelay = Duration.FromMilliseconds(20);

    /// <summary>So long an edge keeps the session of a client whose connection is lost.</summary>
    public static readonly Duration ResumeWindow = Duration.FromSeconds(30);

    /// <summary>A buffer for half frames is kept between them up to this.</summary>
    public const int KeptRest = 2 << 10;

    /// <summary>Bytes of payload that a subscription is let have before its reader has taken any.</summary>
    public const int Credit = 256 << 10;

    /// <summary>Bytes of Realtime payload that a subscription's reader may be behind; what comes then is let go of.</summary>
    public const int RealtimeBehind = 256 << 10;

    /// <summary>Bytes of Realtime frames that wait on a connection which brings all in one order; what comes then is let go of.</summary>
    public const int RealtimeInLine = 256 << 10;

    /// <summary>Publishers of whom a client remembers what came last; one more ends its session.</summary>
    public const int MaxPublishers = 65_536;

    /// <summary>Empty blocks that are kept for the next frames of anybody.</summary>
    public const int SpareBlocks = 256;
}
