using WeCan.Contracts;

namespace WeCan.Controller.Inspection;

/// <summary>What asking a controller may cost it.</summary>
internal static class InspectionLimits
{
    /// <summary>Connections to the API's port at a time.</summary>
    public const int Connections = 512;

    /// <summary>The body of a request.</summary>
    public const int RequestBytes = 16 << 10;

    /// <summary>Who asks on the socket at a time.</summary>
    public const int SocketConnections = 256;

    /// <summary>The body of a request on that socket.</summary>
    public const int SocketRequestBytes = 64 << 10;

    /// <summary>Links in one answer.</summary>
    public const int Links = 10_000;

    /// <summary>Ways that were not chosen and are told of.</summary>
    public const int Others = 5;

    /// <summary>Nodes and links that one question thinks away.</summary>
    public const int Without = 16;

    /// <summary>Of a body that is too large for a policy, so much is taken before the connection is cut.</summary>
    public const int PolicyBytesTaken = 1 << 20;

    /// <summary>Pairs of each class that are told of when a policy is tried.</summary>
    public const int TrialExamples = 5;

    /// <summary>Times that a change of the policy is made anew where another came between.</summary>
    public const int PolicyAttempts = 5;

    /// <summary>What is meant to last longer is written into the policy.</summary>
    public static readonly TimeSpan LongestMaintenance = TimeSpan.FromDays(365);

    /// <summary>Revocations in one answer.</summary>
    public const int Revocations = 1_000;

    /// <summary>Changes by operators in one answer.</summary>
    public const int Audit = 1_000;

    /// <summary>Requests a second of one token, or of one address without a good one.</summary>
    public const int RequestsPerSecond = 20;

    /// <summary>And so many at once.</summary>
    public const int RequestsAtOnce = 60;

    /// <summary>Requests with a wrong token that one address may send a minute.</summary>
    public const int WrongTokensPerMinute = 20;

    /// <summary>Streams of events at a time.</summary>
    public const int Streams = 64;

    /// <summary>Events that are kept for who comes back.</summary>
    public const int EventsKept = 4_096;

    /// <summary>Events that wait for one slow reader; it is told of a gap then.</summary>
    public const int EventsWaiting = 1_024;

    /// <summary>Of pairs whose quality falls in one slot so many are told of one by one.</summary>
    public const int QualityTold = 10;

    /// <summary>A pair's quality is good again when it was for so many slots of ten seconds.</summary>
    public const int QualityGoodSlots = 3;

    /// <summary>Pairs of nodes of which it is remembered when their ways changed.</summary>
    public const int PairsKept = 200_000;

    /// <summary>What happens is looked for so often.</summary>
    public static readonly Duration LookEvery = Duration.FromMilliseconds(200);

    /// <summary>Who asks says what within this time.</summary>
    public static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(10);

    /// <summary>A stream without events shows life so often, so that a proxy keeps it open.</summary>
    public static readonly TimeSpan StreamLife = TimeSpan.FromSeconds(15);
}
