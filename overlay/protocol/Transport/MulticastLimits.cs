using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>Bounds and timings of multicast flows: tuning, not specification.</summary>
internal static class MulticastLimits
{
    /// <summary>Segments that a flow holds until every destination has confirmed them. When they are too many, destinations far behind are let go of, or the application waits.</summary>
    public const int QueueSegments = 2_048;

    /// <summary>Segments that a destination may be behind the newest without being let go of when room is needed: its catch-up queue.</summary>
    public const int CatchUpSegments = QueueSegments / 4;

    /// <summary>
    /// Destinations of one flow, those that no message goes to any more included; a Send that names more is refused. Those that were
    /// taken out are remembered as long as there is room, the latest longest.
    /// </summary>
    public const int MaxDestinations = 1_024;

    /// <summary>Sets of 256 edges that a flow's destinations lie in, of every class; what needs more is refused.</summary>
    public const int MaxSets = 64;

    /// <summary>The window of a destination that has not answered yet.</summary>
    public const int InitialWindow = 128;

    /// <summary>What halving leaves at least.</summary>
    public const int MinWindow = 4;

    /// <summary>Credit of a destination at which nothing waits; more than the longest message.</summary>
    public const int ReceiveWindow = 1_024;

    /// <summary>Segments known to be missing at one destination; further ones are noted when these are repaired.</summary>
    public const int HolesPerDestination = 64;

    /// <summary>A segment that is missing at one of so many of its destinations, and at <see cref="RemulticastLeast"/>, is repaired by multicast.</summary>
    public const int RemulticastShare = 4;

    public const int RemulticastLeast = 8;

    /// <summary>Segments that wait to be multicast again; what finds them full is repaired by unicast.</summary>
    public const int RemulticastQueue = 64;

    /// <summary>Packets after which a Realtime flow to many tells its destinations' tallies what it has sent, if not after <see cref="TallyInterval"/>.</summary>
    public const int TallyPackets = 1_024;

    /// <summary>Half of the time in which a node tells the controller what has passed.</summary>
    public static readonly Duration TallyInterval = Duration.FromSeconds(5);

    /// <summary>A flow's timer looks at all of its destinations, and not more often than this.</summary>
    public static readonly Duration LookInterval = Duration.FromMilliseconds(10);

    /// <summary>How long a flow waits for the windows of its slower destinations before it goes on without them.</summary>
    public static readonly Duration Patience = Duration.FromMilliseconds(20);

    /// <summary>
    /// Between two answers (RESET) of a node to what came by multicast in one origin's name: up to 256 nodes answer one packet,
    /// and the origin that it names need not have sent it.
    /// </summary>
    public static readonly Duration AnswerPause = Duration.FromSeconds(1);

    /// <summary>A destination that is silent about a segment for so long, or for two of its timeouts, leaves the multicast.</summary>
    public static readonly Duration LagTime = Duration.FromSeconds(1);
}
