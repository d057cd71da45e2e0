using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>What one node may hold and how long it waits: this implementation's tuning, not the specification's.</summary>
internal static class NodeLimits
{
    /// <summary>The hop budget of a packet that starts here: the longest route, and a detour at each of two failures.</summary>
    public const byte Hops = 12;

    /// <summary>Packets of Signal or Bulk that wait on a first hop while the transport holds more back.</summary>
    public const int FirstHopQueue = 64;

    /// <summary>Realtime packets that wait on a first hop; the transport's own queue knows better what to drop.</summary>
    public const int FirstHopRealtimeQueue = 256;

    /// <summary>Handshakes begun by others in one interval before a cookie is asked for.</summary>
    public const int HandshakesBeforeLoad = 128;

    public static readonly Duration LoadInterval = Duration.FromSeconds(1);

    /// <summary>A response that never led to a data packet is forgotten.</summary>
    public static readonly Duration PendingLinkTimeout = Duration.FromSeconds(10);

    /// <summary>The first repetition of an initiation, counted from when its first address was tried; each next one waits half as long again.</summary>
    public static readonly Duration InitiationRetry = Duration.FromMilliseconds(500);

    public static readonly Duration MaxInitiationRetry = Duration.FromSeconds(5);

    /// <summary>The same where packets have wanted the link of late: one small datagram a second is little beside what waits.</summary>
    public static readonly Duration WantedInitiationRetry = Duration.FromSeconds(1);

    /// <summary>A link counts as wanted for so long after the last packet that found it missing: twice the transport's longest timeout.</summary>
    public static readonly Duration WantedFor = Duration.FromSeconds(10);

    /// <summary>How often the same initiation goes to all of a member's addresses again; then a fresh attempt begins.</summary>
    public const int InitiationRepeats = 4;

    /// <summary>Addresses of one member, as its membership can tell them. Where its last link was may be one more.</summary>
    public const int MaxAddresses = ControlLimits.MaxAddresses;

    /// <summary>
    /// Between two calls to one member, whatever address they go to (RFC 8305 calls it the Connection Attempt Delay): how long an address
    /// is left to answer before the next one is tried.
    /// </summary>
    public static readonly Duration CallGap = Duration.FromMilliseconds(250);

    /// <summary>Cookies of one attempt that are used at once. One that comes later waits for the initiation's next turn.</summary>
    public const int CookiesUsedAtOnce = 2 * MaxAddresses;

    /// <summary>An attempt stands at least so long, whatever hastens it: an answer may take a while.</summary>
    public static readonly Duration LeastAttempt = Duration.FromSeconds(5);

    /// <summary>How long the node with the lower number insists on its own attempt when both begin at once.</summary>
    public static readonly Duration TieBreak = Duration.FromSeconds(1);

    /// <summary>What is not known of a peer's clock counts as a whole default deadline.</summary>
    public static readonly Duration DefaultDeadline = Duration.FromMilliseconds(200);

    /// <summary>Handshake datagrams that wait to be sent.</summary>
    public const int MaxOutbox = 256;

    /// <summary>An initiation that found no room among them tries again so soon.</summary>
    public static readonly Duration OutboxRetry = Duration.FromMilliseconds(1);

    /// <summary>Events that wait for the host, beside the coming and going of each client that there may be.</summary>
    public const int MaxEvents = 4_096;

    /// <summary>Clients' links that this node has answered and that have carried nothing yet.</summary>
    public const int MaxPendingClients = 2_048;

    /// <summary>How long the link after a death must live before it is proven; doubled for each death soon after.</summary>
    public static readonly Duration FirstProbation = Duration.FromSeconds(2);

    public static readonly Duration LongestProbation = Duration.FromSeconds(60);

    /// <summary>A link that lived so long after it was proven makes up for the deaths before it.</summary>
    public static readonly Duration ForgivenAfter = Duration.FromSeconds(120);

    /// <summary>Enough of them to reach the longest probation.</summary>
    public const int MaxRememberedDeaths = 8;

    /// <summary>The least rate that an uplink may be given: the signs of life of all fast links take a part of it, and one waits 11 ms for a full datagram.</summary>
    public static readonly Bandwidth LeastUplink = new(1_000_000);

    /// <summary>Bytes that a link may send in its turn at least: the largest datagram there is, in IPv6.</summary>
    public const int LeastTurn = WireLimits.FullDatagram + WireLimits.IPv6Overhead;

    /// <summary>Turns in what goes at once.</summary>
    public const int TurnsInQuantum = 4;

    /// <summary>What Signal and Bulk are owed while they wait, of what goes before them: so many parts of these.</summary>
    public const int ShaperShares = 16;

    public const int ShaperSignalShares = 2;

    public const int ShaperBulkShares = 1;
}
