using WeCan.Contracts;

namespace WeCan.Controller;

/// <summary>The controller's own bounds and times; those that both ends of a session hold are in ControlLimits.</summary>
internal static class ControllerLimits
{
    /// <summary>How long a node's certificate lives, and with it the node's membership.</summary>
    public static readonly Duration CertificateLife = Duration.FromSeconds(30 * 24 * 3600);

    /// <summary>A number, or an edge index, that was given back is not given again for so long.</summary>
    public static readonly Duration Rest = Duration.FromSeconds(24 * 3600);

    /// <summary>A token that has ended is still listed for so long, and an enrolment whose answer was lost can be repeated with it.</summary>
    public static readonly Duration TokenKeptAfterEnd = Duration.FromSeconds(24 * 3600);

    /// <summary>Nobody has a longer token than this.</summary>
    public static readonly Duration MaxTokenLife = Duration.FromSeconds(365L * 24 * 3600);

    /// <summary>Who connects says what it is within this time.</summary>
    public static readonly Duration HelloWithin = Duration.FromSeconds(10);

    /// <summary>A wall clock that leaps by more may be wrong; by less is what clocks are set by.</summary>
    public static readonly Duration ClockLeap = Duration.FromSeconds(3_600);

    /// <summary>A wall clock that has leapt is believed when it has stayed there for so long.</summary>
    public static readonly Duration ClockBelieved = Duration.FromSeconds(60);

    /// <summary>How often the wall clock is asked which members, tokens and rests have ended.</summary>
    public static readonly Duration SweepInterval = Duration.FromSeconds(10);

    /// <summary>Of maintenance that ends in one moment so much is named.</summary>
    public const int EndsNamed = 5;

    /// <summary>Routes are computed at most so often, and where a computation takes long, less often: so long as <see cref="RouteRests"/> of it, up to a second.</summary>
    public static readonly Duration RouteInterval = Duration.FromMilliseconds(250);

    public static readonly Duration LongestRouteInterval = Duration.FromSeconds(1);

    /// <summary>Times that a computation took, from its beginning to the next one's: it shall not keep a processor to itself.</summary>
    public const int RouteRests = 5;

    /// <summary>What links carry is smoothed over this time, as reports of it shake.</summary>
    public static readonly Duration LoadSmoothing = Duration.FromSeconds(1.5);

    /// <summary>Smoothed values that are no further than this part from what was reported need no further look.</summary>
    public const double LoadIsSettled = 0.05;

    /// <summary>Of what a link can carry a new measurement counts as much as each of so many before it.</summary>
    public const int BandwidthMemory = 16;

    /// <summary>What is measured first is taken to be wrong by this part.</summary>
    public const double BandwidthShakes = 0.1;

    /// <summary>Measurements so many times further off than they are on average</summary>
    public const double BandwidthIsOff = 3;

    /// <summary>are another bandwidth after so many of them in a row.</summary>
    public const int BandwidthTurns = 3;

    /// <summary>A mean is off by at most so many times what chance makes of it.</summary>
    public const double BandwidthErrors = 2;

    /// <summary>From a decision until packets go by it, beside the time that the word of it is on its way.</summary>
    public static readonly Duration LoadMoves = Duration.FromMilliseconds(400);

    /// <summary>What a report says of a rate is of so long before it.</summary>
    public static readonly Duration LoadMeasures = Duration.FromSeconds(1);

    /// <summary>A move that no report has shown after so long is not reckoned with any more: who should report does not.</summary>
    public static readonly Duration LoadUnshown = Duration.FromSeconds(15);

    /// <summary>How often a node whose reports of load count is asked, to know how late they are.</summary>
    public static readonly Duration RoundTripInterval = Duration.FromSeconds(5);

    /// <summary>A pair that was led another way rests at least so long, and until reports show it.</summary>
    public static readonly Duration LoadSettle = Duration.FromSeconds(3);

    /// <summary>A pair that is led elsewhere again rests twice as long each time, up to so many times; and begins anew after <see cref="LoadForgets"/>.</summary>
    public const int MostRests = 32;

    /// <summary>The same of one whose way is full.</summary>
    public const int MostRestsWhenFull = 2;

    public static readonly Duration LoadForgets = Duration.FromSeconds(120);

    /// <summary>The same where a link has died or a node drains, so that a storm of those is a few computations.</summary>
    public static readonly Duration UrgentRouteInterval = Duration.FromMilliseconds(50);

    /// <summary>
    /// A controller that knows only a part of the network waits so long for the rest before it changes anybody's routes: after its start,
    /// and after it lost most of its nodes at once, as then it is more likely to be the one that is cut off.
    /// </summary>
    public static readonly Duration RouteSettle = Duration.FromSeconds(20);

    /// <summary>Changes of the membership that are kept, so that who was away gets these and not the whole.</summary>
    public const int KeptChanges = 10_000;

    /// <summary>Tokens that are kept at once.</summary>
    public const int MaxTokens = 10_000;

    /// <summary>Tokens of the inspection API that are kept at once.</summary>
    public const int MaxApiTokens = 1_000;

    /// <summary>A token of the inspection API that has ended is still listed for so long.</summary>
    public static readonly Duration ApiTokenKeptAfterEnd = Duration.FromSeconds(7 * 24 * 3600);

    /// <summary>Changes by operators that are kept with who made them.</summary>
    public const int KeptAudit = 10_000;

    /// <summary>Changes of the access to the bus that are kept, so that edges get these and not the whole.</summary>
    public const int KeptAccessChanges = 4_096;

    /// <summary>Versions of the policy that are kept, so that one can go back to them.</summary>
    public const int KeptPolicies = 1_000;

    /// <summary>And the letters of all of them together: of large policies fewer versions are kept. The newest always is.</summary>
    public const int KeptPolicyText = 8 << 20;

    /// <summary>Nodes that one token may let in.</summary>
    public const int MaxTokenUses = 10_000;

    /// <summary>The highest number that a node can have.</summary>
    public const int MaxNumber = ushort.MaxValue;

    /// <summary>Edges that a network can have: 256 sets of 256.</summary>
    public const int MaxEdges = 65_536;
}
