using WeCan.Contracts;

namespace WeCan.Edge.Tunnels;

/// <summary>What tunnels may hold and how long they wait. The numbers that both edges must share are in docs/wire-format.md, section 9.</summary>
internal static class TunnelLimits
{
    /// <summary>The version that an OPEN names; another one is refused.</summary>
    public const byte Version = 1;

    /// <summary>The longest payload of a DATA message that is read.</summary>
    public const int MaxData = 16_384;

    /// <summary>What is put into one: with its first byte 13 full segments, so that others' messages come between.</summary>
    public const int SentData = (13 * 1_200) - 1;

    /// <summary>The longest target: a host name of 253 bytes, a colon and a port.</summary>
    public const int MaxTarget = 259;

    /// <summary>Bytes that may be sent before the other edge has granted any.</summary>
    public const int FirstWindow = 64 << 10;

    /// <summary>The most that an edge lets another send ahead of what its local program has taken.</summary>
    public const int MaxWindow = 8 << 20;

    /// <summary>All windows of a node together; a connection that finds not even the first is refused.</summary>
    public const long WindowMemory = 256L << 20;

    /// <summary>
    /// A window is doubled where half of it was used within this time, or within two round trips where these are longer, and the
    /// local program took it all at once.
    /// </summary>
    public static readonly Duration GrowWithin = Duration.FromMilliseconds(500);

    /// <summary>Bytes read from a local socket at a time, and kept when the flow takes them only in part.</summary>
    public const int ReadAhead = 64 << 10;

    /// <summary>Of one connection in one turn of the loop.</summary>
    public const int ReadPerTurn = 256 << 10;

    /// <summary>What waits for a local program lies in pieces of this size.</summary>
    public const int BacklogPiece = 16 << 10;

    /// <summary>Connections at a time, those of this node's listeners and those to targets together.</summary>
    public const int MaxConnections = 4_096;

    /// <summary>The exit has so long to answer an OPEN.</summary>
    public static readonly Duration OpenTimeout = Duration.FromSeconds(15);

    /// <summary>The exit gives a target so long to accept, its name to be resolved included.</summary>
    public static readonly Duration DialTimeout = Duration.FromSeconds(10);

    /// <summary>Addresses of a name that are tried.</summary>
    public const int MaxAddresses = 8;

    /// <summary>Targets that are resolved or called at a time.</summary>
    public const int MaxDials = 1_024;

    /// <summary>Connections accepted in one turn of the loop by one listener.</summary>
    public const int AcceptsPerTurn = 16;

    /// <summary>Realtime flows for datagrams: one for each listener, and for each kind of session of each other edge.</summary>
    public const int MaxRealtimeFlows = 4_096;

    /// <summary>Datagram sessions at a time, at entry and exit each; the one that was silent longest makes room.</summary>
    public const int MaxSessions = 4_096;

    /// <summary>A session is over after so long without a datagram.</summary>
    public static readonly Duration SessionIdle = Duration.FromSeconds(120);

    /// <summary>How exactly a session's last datagram is remembered.</summary>
    public static readonly Duration SessionTouch = Duration.FromSeconds(1);

    /// <summary>The first answer, and each further one to datagrams that still name their target, waits so long after the one before.</summary>
    public static readonly Duration AnswerEvery = Duration.FromMilliseconds(10);

    /// <summary>How long the word is worth something that a session is not known, where nothing says how long its datagrams are.</summary>
    public static readonly Duration AnswerDeadline = Duration.FromMilliseconds(200);

    /// <summary>A session that was refused is not asked for again before.</summary>
    public static readonly Duration RefusedFor = Duration.FromSeconds(5);

    /// <summary>Refused sessions that an exit remembers, so that each is counted once.</summary>
    public const int RefusedRemembered = 256;

    /// <summary>Datagrams of a session that wait while its target's name is resolved.</summary>
    public const int HeldDatagrams = 8;

    /// <summary>The longest datagram that UDP carries.</summary>
    public const int MaxDatagram = 65_507;

    /// <summary>Numbers of sessions that a life has for each second of the lives before it, so that no two share one.</summary>
    public const uint SessionsPerSecond = 4_096;

    /// <summary>Datagrams taken from one socket in one turn of the loop.</summary>
    public const int DatagramsPerTurn = 64;

    /// <summary>Tunnels that cannot listen, as another program has their port, are tried again so often.</summary>
    public static readonly Duration RetryEvery = Duration.FromSeconds(3);

    /// <summary>Tunnels that a node listens for, those of its configuration and those of commands each.</summary>
    public const int MaxTunnels = 256;

    /// <summary>The file of commands' tunnels; a larger one is none.</summary>
    public const int FileBytes = 1 << 20;

    /// <summary>Edges that the word about an unknown exit names.</summary>
    public const int EdgesTold = 10;
}
