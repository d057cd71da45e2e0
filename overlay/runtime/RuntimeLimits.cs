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

    public const int ReceivesPerTurn = 64;

    public const int TransmitsPerTurn = 128;

    /// <summary>Datagrams that are written to one look at the clock; they leave together in any case.</summary>
    public const int TransmitsPerLook = 8;

    public const int MessagesPerTurn = 256;

    public const int EventsPerTurn = 256;

    /// <summary>Datagrams sent after the node was told to say goodbye.</summary>
    public const int FinalTransmits = 4_096;

    /// <summary>Sockets of the host's own that have their turn in one of the loop's.</summary>
    public const int SocketsPerTurn = 16;

    /// <summary>Asked for; the system may give less.</summary>
    public const int SocketBufferBytes = 4 << 20;

    /// <summary>Less than this cannot hold what comes while the loop is held up for a moment: the host is told.</summary>
    public const int SmallSocketBuffer = 1 << 20;

    /// <summary>Larger than any datagram of the protocol, so that one that is too long is seen as such and not cut to fit.</summary>
    public const int ReceiveBuffer = 2_048;

    /// <summary>Linux: messages taken from the socket at a time; each may be a row of joined datagrams.</summary>
    public const int ReceiveMessages = 16;

    /// <summary>Linux: the same for a host's socket of which nothing is known yet.</summary>
    public const int FirstReceiveMessages = 4;

    /// <summary>Linux: the longest message that UDP can carry, joined or not.</summary>
    public const int LongestReceive = 65_535;

    /// <summary>Linux: messages lie so far apart, which is no power of two, or they would all want the same lines of the cache.</summary>
    public const int ReceiveStride = (64 * 1_024) + 1_472;

    /// <summary>Linux: messages given to the socket at a time.</summary>
    public const int SendMessages = 64;

    /// <summary>Linux: datagrams that wait to be given to the socket.</summary>
    public const int SendBytes = 72 * WireLimits.FullDatagram;

    /// <summary>Linux: datagrams that the kernel cuts a message into, UDP_MAX_SEGMENTS of the oldest kernels.</summary>
    public const int MostSegments = 64;

    /// <summary>Linux: the longest message to be cut: what an IPv4 packet can hold.</summary>
    public const int LongestSend = 65_507;

    /// <summary>Linux: messages in a row that the kernel would not cut before none is joined any more.</summary>
    public const int SegmentRefusals = 8;

    /// <summary>Linux: peers of whom it is known which address of this machine they write to; a power of two.</summary>
    public const int ReturnAddresses = 4_096;

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
