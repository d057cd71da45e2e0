using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>The tuning of how routes are chosen; an operator's policy may say otherwise.</summary>
internal static class GraphLimits
{
    /// <summary>What a packet needs to pass a relay: taken in and sent on, at a moderate load.</summary>
    public static readonly Duration RelayTime = Duration.FromMicroseconds(100);

    /// <summary>
    /// A way is left for one that saves at least this part of its cost. On the measured networks of tools/bench a tenth moves too many routes
    /// for too little, and with a quarter ways grow too long.
    /// </summary>
    public const double LeastGain = 0.2;

    /// <summary>And at least so much.</summary>
    public static readonly Duration LeastGainTime = Duration.FromMilliseconds(1);

    /// <summary>More directions of links that changed than a half for each node are a new network: it is reckoned as one.</summary>
    public const int NodesPerChange = 2;
}
