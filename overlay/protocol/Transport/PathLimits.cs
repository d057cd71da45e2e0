using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>When Realtime flows leave a route for another, and what learning about routes may cost: tuning, not specification.</summary>
internal static class PathLimits
{
    /// <summary>REPORT packets to one origin in an interval; flows that find no room in them wait for the next.</summary>
    public const int ReportPackets = 4;

    /// <summary>Packets copied to a route on trial in one step, and as many to a guard; what goes beyond is not copied.</summary>
    public const int CopiesAtMost = 100;

    /// <summary>Moves that wait for the host; the oldest goes.</summary>
    public const int MaxMoves = 256;

    /// <summary>What of the evidence remains from one step to the next: half of it is younger than 300 ms.</summary>
    public const double Memory = 0.8;

    /// <summary>How far the newest report moves the delay and the share of marks.</summary>
    public const double Gain = 0.3;

    /// <summary>Fewer lost packets are chance, be it in a judgement or in a comparison.</summary>
    public const double LostAtLeast = 2.5;

    /// <summary>By how many standard deviations one route must lose more than the other for its loss to count.</summary>
    public const double Deviations = 2;

    /// <summary>The same when the last move was short ago: who looks often finds what is not there.</summary>
    public const double RelapseDeviations = 3.5;

    /// <summary>Packets lost at least on a route that is ruinous.</summary>
    public const double RuinousLost = 10;

    /// <summary>The share of packets lost from which a route is suspect.</summary>
    public const double BadLoss = 0.03;

    /// <summary>The share of packets marked from which a route is suspect.</summary>
    public const double BadMarks = 0.5;

    /// <summary>The share of packets lost from which a route is left however short ago it was taken.</summary>
    public const double RuinousLoss = 0.5;

    /// <summary>A route is worse only if its cost is so many times another's, and <see cref="CostMargin"/> more.</summary>
    public const double CostFactor = 1.25;

    /// <summary>Packets from which anything is said about a route.</summary>
    public const int SampleAtLeast = 5;

    /// <summary>Packets that a route on trial must have carried before it is taken.</summary>
    public const int TrialAtLeast = 10;

    public static readonly Duration ReportInterval = Duration.FromMilliseconds(100);

    /// <summary>How often routes are judged while packets go.</summary>
    public static readonly Duration Step = Duration.FromMilliseconds(100);

    /// <summary>Judging stops when nothing was sent for so long.</summary>
    public static readonly Duration Idle = Duration.FromSeconds(2);

    /// <summary>What a route that loses everything costs, in time; less loss costs its share.</summary>
    public static readonly Duration LossCost = Duration.FromSeconds(1);

    /// <summary>What a route that marks everything costs, in time.</summary>
    public static readonly Duration MarksCost = Duration.FromMilliseconds(150);

    /// <summary>More than two estimates of clocks err by.</summary>
    public static readonly Duration CostMargin = Duration.FromMilliseconds(20);

    /// <summary>How far above one and a half times its best the delay of a suspect route lies.</summary>
    public static readonly Duration BadDelay = Duration.FromMilliseconds(30);

    /// <summary>Beside a round trip, how long nothing is heard of a route before it counts as silent: two reports, and a half.</summary>
    public static readonly Duration Silence = Duration.FromMilliseconds(250);

    /// <summary>What a route's delay is taken for before it is known.</summary>
    public static readonly Duration UnknownDelay = Duration.FromMilliseconds(150);

    /// <summary>A trial that has shown nothing by then is over.</summary>
    public static readonly Duration Trial = Duration.FromSeconds(3);

    /// <summary>A guard ends when its route has been without strain for so long.</summary>
    public static readonly Duration GuardHold = Duration.FromSeconds(10);

    /// <summary>How long a better-ranked route must prove itself before the flows go back to it.</summary>
    public static readonly Duration Probation = Duration.FromSeconds(1);

    /// <summary>How long a route is kept at least, unless it is ruinous; when moves follow each other soon, each time twice as long.</summary>
    public static readonly Duration Stay = Duration.FromSeconds(5);

    public static readonly Duration LongestStay = Duration.FromSeconds(20);

    /// <summary>The pause after a trial that changed nothing; each next one is twice as long.</summary>
    public static readonly Duration FirstPause = Duration.FromSeconds(2);

    /// <summary>How long after a move the way back is tried; each next time twice as long.</summary>
    public static readonly Duration FirstReturn = Duration.FromSeconds(10);

    public static readonly Duration LongestPause = Duration.FromSeconds(120);

    /// <summary>After so long without suspicion the pauses are short again.</summary>
    public static readonly Duration Forgiveness = Duration.FromSeconds(60);
}
