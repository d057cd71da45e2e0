using WeCan.Contracts;

namespace WeCan.Runtime;

/// <summary>
/// What one turn of the loop may do, and what the driver asks of the system. The bounds per turn are what keeps
/// receiving, sending and delivering from starving one another or the timers, which every turn looks at.
/// </summary>
internal static class RuntimeLimits
{
    public const int CommandsPerTurn = 256;

    public const int ReceivesPerTurn = 128;

    public const int TransmitsPerTurn = 128;

    public const int MessagesPerTurn = 256;

    public const int EventsPerTurn = 256;

    /// <summary>Datagrams sent after the node was told to say goodbye.</summary>
    public const int FinalTransmits = 4_096;

    /// <summary>Asked for; the system may give less.</summary>
    public const int SocketBufferBytes = 4 << 20;

    /// <summary>Less than this cannot hold what comes while the loop is held up for a moment: the host is told.</summary>
    public const int SmallSocketBuffer = 1 << 20;

    /// <summary>Larger than any datagram of the protocol, so that one that is too long is seen as such and not cut to fit.</summary>
    public const int ReceiveBuffer = 2_048;

    /// <summary>A turn that begins so long after it was due is late.</summary>
    public static readonly Duration LateTurn = Duration.FromMilliseconds(10);

    /// <summary>The loop looks around at least so often, whatever its timers say.</summary>
    public static readonly Duration MaxWait = Duration.FromSeconds(1);

    /// <summary>How long goodbyes that a lab holds back, or a full socket, may keep a stopping loop.</summary>
    public static readonly Duration FinalWait = Duration.FromMilliseconds(250);

    /// <summary>How long <see cref="OverlayDriver.Dispose"/> waits for the loop's thread.</summary>
    public static readonly TimeSpan StopBound = TimeSpan.FromSeconds(2);
}
