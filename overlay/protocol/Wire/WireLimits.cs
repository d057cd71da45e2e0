namespace WeCan.Protocol.Wire;

/// <summary>The specification's bounds: what docs/wire-format.md fixes for every node. Tuning lives in each layer's own limits.</summary>
public static class WireLimits
{
    /// <summary>The datagram (UDP payload) that every path carries.</summary>
    public const int BaseDatagram = 1_124;

    /// <summary>The datagram used once a probe of that size was acknowledged; also the largest one that is read.</summary>
    public const int FullDatagram = 1_372;

    /// <summary>The largest path packet: one symbol of a link's coding window.</summary>
    public const int MaxPathPacket = 1_280;

    /// <summary>The payload of a full message segment.</summary>
    public const int MaxSegment = 1_200;

    /// <summary>
    /// A Realtime message that is sent whole: its header is so much shorter than a stream's, and what an edge puts before a datagram of
    /// 1,200 bytes finds room.
    /// </summary>
    public const int MaxWholeRealtime = 1_208;

    /// <summary>The longest message that the transport cuts and joins.</summary>
    public const int MaxMessage = 1 << 20;

    /// <summary>Nodes in a source route, origin and destination included.</summary>
    public const int MaxRouteNodes = 8;

    /// <summary>Routes from an origin to one destination; a packet can name which of them it took.</summary>
    public const int MaxRoutes = 4;

    /// <summary>Failed links that a packet can list.</summary>
    public const int MaxFailedLinks = 2;

    /// <summary>How far below the highest authenticated packet number a packet may lie.</summary>
    public const int ReplayWindow = 2_048;

    /// <summary>How many symbol numbers of a class may lie between the oldest unacknowledged and the newest.</summary>
    public const int SymbolWindow = 16_384;

    /// <summary>A repair covers at least so many symbols: a repair of one is a plain copy, and DATA carries it.</summary>
    public const int MinRepairSymbols = 2;

    /// <summary>Symbols that one repair covers at most.</summary>
    public const int MaxRepairSymbols = 64;

    /// <summary>Runs of consecutive symbols that one repair names at most.</summary>
    public const int MaxRepairRuns = 16;

    /// <summary>How far apart the lowest and the highest symbol of one repair may be.</summary>
    public const int MaxRepairSpan = 4_095;

    /// <summary>
    /// The most hops that a multicast packet may still take. It names no way, so this alone ends the walk of a copy that tables
    /// lead in a circle; it is what two detours around routes of two relays need.
    /// </summary>
    public const byte MaxMulticastHops = 8;

    /// <summary>What a path header takes at most: kind, hops, place, deadline, 8 nodes and 2 failed links.</summary>
    public const int MaxPathHeader = 3 + 4 + (2 * MaxRouteNodes) + (4 * MaxFailedLinks);

    /// <summary>What IPv4 and UDP add to a datagram.</summary>
    public const int IPv4Overhead = 28;

    /// <summary>What IPv6 and UDP add to a datagram.</summary>
    public const int IPv6Overhead = 48;
}
