namespace WeCan.Contracts.Control;

/// <summary>The bounds of the control plane: docs/control.md names them, and both ends hold them.</summary>
public static class ControlLimits
{
    /// <summary>The version of the control session that this code speaks.</summary>
    public const int Protocol = 1;

    /// <summary>The payload of one frame; a longer one ends the session before it is stored.</summary>
    public const int MaxFrame = 1 << 20;

    /// <summary>How much of a membership one snapshot piece or delta carries, so that nothing waits long behind it.</summary>
    public const int MaxPiece = 64 << 10;

    /// <summary>What one member takes at most when it is written; a test holds the longest against it.</summary>
    public const int MaxMember = 512;

    /// <summary>Addresses at which one node can be reached.</summary>
    public const int MaxAddresses = 8;

    /// <summary>A node's or a network's name.</summary>
    public const int MaxName = 63;

    /// <summary>A region, a site or an operator.</summary>
    public const int MaxPlace = 32;

    /// <summary>Text for people: a reason, a program's version.</summary>
    public const int MaxText = 400;

    /// <summary>A certificate or a request for one, in DER.</summary>
    public const int MaxCertificate = 8 << 10;

    /// <summary>Certificates that are sent together: a chain, or the authorities that are trusted.</summary>
    public const int MaxCertificates = 4;

    /// <summary>Addresses of controllers that a node is told.</summary>
    public const int MaxControllers = 8;

    /// <summary>A controller's address: a host name, a colon and a port.</summary>
    public const int MaxControllerAddress = 261;

    /// <summary>Ways from one node to one destination for one class: as many as the network has tokens for.</summary>
    public const int MaxWays = 4;

    /// <summary>Relays in one way: as many as a source route has room for between its ends.</summary>
    public const int MaxRelays = 6;

    /// <summary>What one destination with its ways takes at most when it is written; a test holds the longest against it.</summary>
    public const int MaxDestination = 82;

    /// <summary>The name of a record of the access to the bus: a space, what it is about, and the name of that.</summary>
    public const int MaxAccessName = 200;

    /// <summary>And its body: a key with all its spaces is the longest.</summary>
    public const int MaxAccessBody = 2 << 10;

    /// <summary>Records of the access to the bus that an edge keeps; a controller has fewer.</summary>
    public const int MaxAccessRecords = 32_768;

    /// <summary>Links in one report; more come in several.</summary>
    public const int MaxLinksInReport = 512;

    /// <summary>Links that one node reports at all; of more, the controller hears of those with the lowest numbers.</summary>
    public const int MaxLinks = 8_192;

    /// <summary>Frames of reports that one node may send within a second: one report of all its links, and what a stall has held up.</summary>
    public const int MaxReportsPerSecond = 64;

    /// <summary>Pairs in one word of a node on its Realtime traffic, in each direction; of more, those with the most packets.</summary>
    public const int MaxPairs = 512;

    /// <summary>What one number in such a word can be at most: a petabyte. More cannot be true.</summary>
    public const long MaxTraffic = 1L << 50;

    /// <summary>A loss is news when it changes by so many millionths.</summary>
    public const int LinkNewsLoss = 2_000;

    /// <summary>Changes of state (addresses, draining, renewal) that one node may ask for within a second.</summary>
    public const int MaxRequestsPerSecond = 20;

    /// <summary>Messages that wait for whoever drives a session; the session reads no further meanwhile.</summary>
    public const int MaxMessagesWaiting = 64;

    /// <summary>How far two wall clocks may differ before a member is dropped too early or too late.</summary>
    public static readonly Duration ClockDifference = Duration.FromSeconds(300);

    /// <summary>After so long without a frame of the other side one asks whether it is there.</summary>
    public static readonly Duration PingAfter = Duration.FromSeconds(5);

    /// <summary>After so long without a frame of the other side the session is over.</summary>
    public static readonly Duration SilenceAllowed = Duration.FromSeconds(15);

    /// <summary>
    /// Over QUIC a node's connection says so often that it is there: a controller that is gone closes no connection, as TCP's
    /// kernel would.
    /// </summary>
    public static readonly Duration QuicKeepAlive = Duration.FromMilliseconds(750);

    /// <summary>After so long without a packet a connection by QUIC is over: a controller that was killed is missed within 3 s, the last sign of life included.</summary>
    public static readonly Duration QuicSilenceAllowed = Duration.FromMilliseconds(2_250);

    /// <summary>A node reports its links at most so often.</summary>
    public static readonly Duration ReportInterval = Duration.FromSeconds(1);

    /// <summary>After so long without news a node says that all is as it was.</summary>
    public static readonly Duration ReportAtLeast = Duration.FromSeconds(3);

    /// <summary>A node tells its traffic so often.</summary>
    public static readonly Duration TrafficInterval = Duration.FromSeconds(10);

    /// <summary>A report counts for so long after the last word of the node that it came from.</summary>
    public static readonly Duration ReportLife = Duration.FromSeconds(10);

    /// <summary>A round trip is news when it changes by so much, and by a fiftieth.</summary>
    public static readonly Duration LinkNewsTime = Duration.FromMicroseconds(200);

    /// <summary>A jitter is news when it changes by so much.</summary>
    public static readonly Duration LinkNewsJitter = Duration.FromMicroseconds(1_000);

    /// <summary>A rate is news when it changes by so much, and by a quarter.</summary>
    public static readonly Bandwidth LinkNewsRate = new(1_000_000);

    /// <summary>A snapshot is not sent again sooner, whatever a node asks for.</summary>
    public static readonly Duration SnapshotInterval = Duration.FromSeconds(1);
}
