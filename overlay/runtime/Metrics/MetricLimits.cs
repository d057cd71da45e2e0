namespace WeCan.Runtime.Metrics;

/// <summary>How much a scrape may cost, here and at who stores what it gets.</summary>
internal static class MetricLimits
{
    /// <summary>Peers that have series of their own, the lowest numbers first; sums count all.</summary>
    public const int PeersShown = 128;

    /// <summary>One look at the node serves a whole scrape.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);

    /// <summary>A scrape waits so long for the loop, then shows what was seen last.</summary>
    public static readonly TimeSpan LoopWait = TimeSpan.FromMilliseconds(500);
}
