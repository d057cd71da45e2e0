using WeCan.Contracts;

namespace WeCan.Controller.History.Points;

/// <summary>What is kept of a node's traffic. Bytes of links are those that are paid for: as IPv4 packets, with all that repair and sealing add.</summary>
internal static class TrafficTallies
{
    public const int PerClass = 6;

    public const int Classes = (int)ServiceClass.Bulk + 1;

    /// <summary>Milliseconds of which the node has told.</summary>
    public const int Covered = PerClass * Classes;

    public const int LinkBytesIn = Covered + 1;

    public const int LinkBytesOut = Covered + 2;

    /// <summary>kbit/s over the ten seconds or so of each of the node's words.</summary>
    public const int RateIn = Covered + 3;

    public const int RateOut = Covered + 4;

    /// <summary>kbit/s over five minutes, each counted once: by these a peak is paid for. They come about when five minutes are over.</summary>
    public const int BilledIn = Covered + 5;

    public const int BilledOut = Covered + 6;

    public static readonly TallyKind[] Kinds =
    [
        .. Enumerable.Repeat(TallyKind.Total, LinkBytesOut + 1),
        TallyKind.Level, TallyKind.Level, TallyKind.Spread, TallyKind.Spread,
    ];

    /// <summary>Of a class, in this order: packets in, bytes in, packets out, bytes out, packets forwarded, bytes forwarded.</summary>
    public static int Of(ServiceClass service, int which) => ((int)service * PerClass) + which;
}
