using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Runtime;

/// <summary>
/// What one turn of the loop may do, and what the driver asks of the system. The bounds per turn are what keeps
/// receiving, sending and delivering from starving one another or the timers, which every turn looks at.
/// </summary>
internal static class RuntimeLimits
{
    public const int CommandsPerTurn = 256;

    public const int ReceivesPerTurn = SocketLimits.ReceivesAtATime;

    public const int TransmitsPerTurn = 128;

    /// <summary>Datagrams that are written to one look at the clock; they leave together in any case.</summary>
    public const int TransmitsPerLook = 8;

    public const int MessagesPerTurn = 256;

    public const int EventsPerTurn = 256;

    /// <summary>Datagrams sent after the node was told to say goodbye.</summary>
    public const int FinalTransmits = 4_096;

    /// <summary>Sockets of the host's own that have their turn in one of the loop's.</summary>
    public const int SocketsPerTurn = 16;

    /// <summary>Less than this cannot hold what comes while the loop is held up for a moment: the host is told.</summary>
    public const int SmallSocketBuffer = 1 << 20;

    /// <summary>Datagrams that an impairment stage holds; the next one is lost.</summary>
    public const int ImpairedDatagrams = 16_384;

    /// <summary>The longest delay that may be asked of it.</summary>
    public static readonly Duration MaxImpairedDelay = Duration.FromSeconds(10);

    /// <summary>The longest run of losses, on average, that a lab can ask for.</summary>
    public const int MaxImpairedBurst = 1_000;

    /// <summary>Destinations that a lab can give rules of their own.</summary>
    public const int ImpairedDestinations = 1_024;

    /// <summary>A turn that begins so long after it was due is late.</summary>
    public static readonly Duration LateTurn = Duration.FromMilliseconds(10);

    /// <summary>The loop looks around at least so often, whatever its timers say.</summary>
    public static readonly Duration MaxWait = Duration.FromSeconds(1);

    /// <summary>How long goodbyes that a lab holds back, or a full socket, may keep a stopping loop.</summary>
    public static readonly Duration FinalWait = Duration.FromMilliseconds(250);

    /// <summary>How long <see cref="OverlayDriver.Dispose"/> waits for the loop's thread.</summary>
    public static readonly TimeSpan StopBound = TimeSpan.FromSeconds(2);
}
