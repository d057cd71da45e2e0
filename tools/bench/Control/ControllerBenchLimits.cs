namespace WeCan.Bench.Control;

/// <summary>What bench controller asks of a controller, unless it is told otherwise.</summary>
internal static class ControllerBenchLimits
{
    public const int Nodes = 200;

    public const int MostNodes = 1_000;

    public const int Seconds = 40;

    /// <summary>Of a node's links, one in so many measures something else in each report.</summary>
    public const int OneChangesOf = 10;

    /// <summary>By how much, up or down, as a part of the round trip.</summary>
    public const double Change = 0.1;

    /// <summary>One node in so many makes its best link bad and good again, so that its route has to change.</summary>
    public const int OneProbesOf = 5;

    /// <summary>Reports between two such changes.</summary>
    public const int ProbeEvery = 3;

    /// <summary>A link that has become bad takes so much longer.</summary>
    public static readonly Contracts.Duration Worse = Contracts.Duration.FromMilliseconds(400);

    /// <summary>Who waits for routes longer than this has them counted as so late.</summary>
    public static readonly TimeSpan LatestPush = TimeSpan.FromSeconds(5);

    /// <summary>Until all nodes are in and have routes.</summary>
    public static readonly TimeSpan StartBound = TimeSpan.FromSeconds(120);

    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Nodes that are let in at a time.</summary>
    public const int EnrolAtOnce = 8;
}
