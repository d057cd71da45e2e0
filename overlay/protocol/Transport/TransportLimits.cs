using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>The transport's own bounds and timings: tuning, not specification. What an operator sets is in <see cref="TransportOptions"/>.</summary>
internal static class TransportLimits
{
    /// <summary>Packets of a Realtime flow that can be missing in a row and count as lost.</summary>
    public const int MostMissing = 1 << 16;

    /// <summary>The largest transport packet: a full segment behind its longest header.</summary>
    public const int MaxPacket = StreamHeader.MaxLength + WireLimits.MaxSegment;

    /// <summary>The largest packet that goes to the path: one that is sealed between the edges.</summary>
    public const int MaxTransmit = MaxPacket + SealedPacket.Overhead;

    /// <summary>How many segments the longest message takes.</summary>
    public const int MaxMessageSegments = (WireLimits.MaxMessage + WireLimits.MaxSegment - 1) / WireLimits.MaxSegment;

    /// <summary>
    /// Segments that any flow may hold, sent or not, until they are confirmed, while the node has memory at all. Two of
    /// the longest messages fit. A flow with more on the way holds up to four times that, of what is free: see SendMemory.
    /// </summary>
    public const int SendQueueSegments = 2_048;

    /// <summary>The most that a flow holds: what is on the way with the largest credit, and as much again to follow.</summary>
    public const int MaxSendQueueSegments = 2 * ReceiveWindow;

    /// <summary>
    /// Credit when nothing waits and memory is free: segments from the next expected one on. More than the longest
    /// message; 98 Mbit/s at a round trip of 100 ms for each 1,024, a loss that a hop repairs once counting as two round trips.
    /// </summary>
    public const int ReceiveWindow = 16_384;

    /// <summary>So much more credit is news that does not wait for the next segment to arrive.</summary>
    public const int CreditNews = 256;

    /// <summary>What a flow may send before its destination has answered.</summary>
    public const int InitialWindow = 64;

    /// <summary>Segments on the way that all flows of a class over one route begin with together.</summary>
    public const int FirstPathWindow = 128;

    /// <summary>What cuts leave at least of a route's window.</summary>
    public const int MinPathWindow = 16;

    /// <summary>The largest window of a route: 780 Mbit/s at a round trip of 400 ms. Flows wait in turn when it is full.</summary>
    public const int MaxPathWindow = 32_768;

    /// <summary>Once a route has objected, each round trip adds so many segments and <see cref="WindowPart"/> of the window.</summary>
    public const int WindowStep = 8;

    /// <summary>A route objects when more than one of so many segments of late was lost from end to end.</summary>
    public const int LossPart = 4;

    /// <summary>One of so many, see <see cref="WindowStep"/>.</summary>
    public const int WindowPart = 64;

    /// <summary>A destination confirms at once after this many segments.</summary>
    public const int ConfirmEvery = 16;

    /// <summary>Segments received marked since the last CONFIRM from which the CONFIRM says so.</summary>
    public const int MarkBurst = 2;

    /// <summary>Numbers of an origin's flows that a destination tells new from old; below lies nothing that could be opened.</summary>
    public const int FlowNumberWindow = 16_384;

    /// <summary>How often an ended flow's origin tells the destination until it answers.</summary>
    public const int EndRepeats = 5;

    /// <summary>Answers (RESET) that wait for one peer; more are not answered.</summary>
    public const int ResetsPerPeer = 16;

    /// <summary>Answers (RESET) for one peer in a second, after as many at once.</summary>
    public const int ResetsPerSecond = 200;

    /// <summary>The priority that confirmations and answers travel with.</summary>
    public const byte ControlPriority = 7;

    /// <summary>One of so many transmissions goes to a class, or in it to a priority, that waits behind a higher one.</summary>
    public const int LowerRankShare = 16;

    /// <summary>Segments that a Realtime flow's send queue holds; the stalest message goes first.</summary>
    public const int RealtimeQueueSegments = 1_024;

    /// <summary>Messages of a Realtime flow that wait for the application; the stalest goes first.</summary>
    public const int RealtimeReceiveQueue = 256;

    /// <summary>Messages of one Realtime flow that are joined at a time.</summary>
    public const int JoinsPerFlow = 8;

    /// <summary>Realtime messages that the node joins at a time.</summary>
    public const int Joins = 4_096;

    public static readonly Duration ConfirmDelay = Duration.FromMilliseconds(5);

    public static readonly Duration InitialTimeout = Duration.FromSeconds(1);

    public static readonly Duration MinTimeout = Duration.FromMilliseconds(200);

    public static readonly Duration MaxTimeout = Duration.FromSeconds(5);

    /// <summary>How long a hop takes, beside its round trip, to see a loss, repair it, and have the repair confirmed.</summary>
    public static readonly Duration RepairAllowance = Duration.FromMilliseconds(25);

    /// <summary>An idle flow's origin shows that it lives.</summary>
    public static readonly Duration KeepAlive = Duration.FromSeconds(300);

    /// <summary>A destination lets a flow go that was silent for this long: six keep-alives were missed.</summary>
    public static readonly Duration StreamIdle = Duration.FromSeconds(1_800);

    /// <summary>
    /// A destination that keeps what cannot be handed out without more, and hears nothing for this long, confirms again; then
    /// each time after twice as long. An origin that still has the flow is heard sooner, by its longest timeout.
    /// </summary>
    public static readonly Duration AskAgain = Duration.FromSeconds(10);

    /// <summary>The longest deadline of a Realtime message; a packet that claims more is held to this.</summary>
    public static readonly Duration MaxDeadline = Duration.FromSeconds(10);

    /// <summary>
    /// How long nothing of a removed origin's Realtime flows to many opens one: what was under way when it was removed is
    /// late by then, with as much again for clocks that err.
    /// </summary>
    public static readonly Duration RealtimeBar = Duration.FromSeconds(20);

    /// <summary>
    /// A Realtime flow's window of seen numbers is let go after this silence: far more than <see cref="MaxDeadline"/>,
    /// so that whatever it had seen is late by then.
    /// </summary>
    public static readonly Duration RealtimeIdle = Duration.FromSeconds(60);
}
