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

    /// <summary>A part of all pairs that may move in one round for the better.</summary>
    public const double MostChanges = 0.2;

    /// <summary>A way this much cheaper, as a part and in time, is taken at once whatever the cap on changes: the one that is held has become very bad.</summary>
    public const double EmergencyGain = 0.5;

    public static readonly Duration EmergencyTime = Duration.FromMilliseconds(50);

    /// <summary>Without load, price and maintenance no link costs more where these count: so what is under maintenance costs more than any way that is not.</summary>
    public const int MostBaseCost = 1 << 22;

    /// <summary>What load adds at most, in microseconds.</summary>
    public const int MostLoadCost = 1 << 22;

    /// <summary>What a price adds at most.</summary>
    public const int MostPriceCost = 1 << 21;

    /// <summary>What a link under maintenance costs more: three links that are not cost less.</summary>
    public const int MaintenanceCost = 1 << 25;

    /// <summary>In kbit/s: no link has more, and the sum of a node's fits.</summary>
    public const int MostRate = 400_000_000;

    /// <summary>In kbit/s, what a place is taken to be asked for at the most: a full one for twice what it carries, and what was led there lately as much again.</summary>
    public const int MostLoad = 4 * MostRate;

    /// <summary>From this part of what it carries on, a place may be asked for more than it shows.</summary>
    public const double FullShare = 0.92;

    /// <summary>Who comes to a place finds it as if this part of it more were in use: who leaves and who comes disagree by that, and measurements err by less.</summary>
    public const double EntryMargin = 0.1;

    /// <summary>In kbit/s: pairs with less move without being asked what they bring.</summary>
    public const int LeastFlow = 500;

    /// <summary>Who moves without need is taken to bring up to so many times what is estimated.</summary>
    public const int Caution = 4;

    /// <summary>Pairs for which a round looks for another way than the one that is best without them. Where there are more, half of it is for those whose turn it is.</summary>
    public const int MostSearches = 64;

    /// <summary>Those whose turn it is.</summary>
    public const int SearchesInTurn = MostSearches / 2;

    /// <summary>Pairs of which a round tells why they stay.</summary>
    public const int StaysTold = 10_000;

    /// <summary>Passes over all that is measured until what pairs bring fits it.</summary>
    public const int EstimatePasses = 12;

    /// <summary>What a relay has of its own counts so much less than what an edge has.</summary>
    public const double RelayFlow = 0.01;

    /// <summary>More directions of links that changed than a half for each node are a new network: it is reckoned as one.</summary>
    public const int NodesPerChange = 2;
}
