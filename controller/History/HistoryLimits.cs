using WeCan.Contracts;

namespace WeCan.Controller.History;

/// <summary>What a history of the network may take. docs/decisions/0046 reckons the bytes.</summary>
internal static class HistoryLimits
{
    /// <summary>Directions of links of which everything is kept: all of a small network, in a large one those that are used most.</summary>
    public const int Links = 8_192;

    /// <summary>Directions of links beyond those of which an hour keeps one look; where there are more, they take turns.</summary>
    public const int LinksLookedAt = 32_768;

    /// <summary>Pairs of edges of which a slot of any length keeps something; of more, the network's sum alone.</summary>
    public const int Pairs = 4_096;

    /// <summary>What all files take together at most, unless configured otherwise.</summary>
    public const long Bytes = 8L << 30;

    /// <summary>One block of a file; what claims to be longer is none.</summary>
    public const int BlockBytes = 256 << 20;

    /// <summary>Slots that wait for the disk; what comes on top of them is let go of and counted.</summary>
    public const int SlotsWaiting = 12;

    /// <summary>Points in one answer.</summary>
    public const int PointsInAnswer = 1_500;

    /// <summary>Pairs that are told as the worst, unless asked otherwise.</summary>
    public const int WorstPairs = 10;

    /// <summary>Of fewer packets a share says little.</summary>
    public const int TellingPackets = 50;

    /// <summary>And at most.</summary>
    public const int MostPairs = 1_000;

    /// <summary>
    /// For so long after a start the clock may be the one that is wrong, and not what is on disk: a machine may come up without the time and get it within
    /// a minute, and another one goes by until that is believed.
    /// </summary>
    public static readonly Duration ClockSettles = Duration.FromSeconds(120);

    /// <summary>A link that is gone is a link that is down for so long; then it is none.</summary>
    public static readonly Duration GoneKept = Duration.FromSeconds(24 * 3600);

    /// <summary>A node that says nothing for so long makes room for others.</summary>
    public static readonly Duration SilentKept = Duration.FromSeconds(60);

    /// <summary>Where there are too many links, it is looked so often which of them are used.</summary>
    public static readonly Duration ChooseEvery = Duration.FromSeconds(300);

    /// <summary>A look at a link that is not kept whole counts for so long.</summary>
    public static readonly Duration LookWeight = Duration.FromSeconds(10);
}
