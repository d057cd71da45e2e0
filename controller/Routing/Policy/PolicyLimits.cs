using WeCan.Contracts;

namespace WeCan.Controller.Routing.Policy;

/// <summary>The bounds of a policy, and what counts where it says nothing.</summary>
internal static class PolicyLimits
{
    /// <summary>A longer text is no policy.</summary>
    public const int TextCharacters = 256 << 10;

    /// <summary>Rules of each kind.</summary>
    public const int Rules = 256;

    /// <summary>Regions or operators that one rule names.</summary>
    public const int Names = 64;

    /// <summary>Kinds of regions whose traffic rules tell apart, all together. A table has their number squared, and a byte tells which one a node is in.</summary>
    public const int Regions = 64;

    /// <summary>
    /// Sets of nodes that traffic may pass, as rules of nodes and ways make them, in each class: for each the search lays out the
    /// network anew.
    /// </summary>
    public const int Restrictions = 12;

    public const double LeastMostChanges = 0.001;

    public const double MostLeastGain = 0.9;

    public static readonly Duration MostLeastGainTime = Duration.FromSeconds(10);

    public static readonly Duration MostRelayTime = Duration.FromSeconds(1);

    /// <summary>From this load on a link costs more.</summary>
    public const double LoadFrom = 0.7;

    /// <summary>A link of this load is full: it costs <see cref="LoadTime"/> more, and steeply more beyond.</summary>
    public const double LoadFull = 0.85;

    public const double LeastLoad = 0.05;

    /// <summary>More than the difference between two ways that anybody would take.</summary>
    public static readonly Duration LoadTime = Duration.FromMilliseconds(200);

    public static readonly Duration MostLoadTime = Duration.FromSeconds(2);

    public static readonly Duration LeastLoadTime = Duration.FromMilliseconds(1);

    /// <summary>A price per GB, in whatever money the operator reckons.</summary>
    public const double MostPrice = 10_000;

    /// <summary>What a price of 1 per GB counts in each class, where a policy does not say it.</summary>
    public static readonly Duration SignalPrice = Duration.FromMilliseconds(10);

    public static readonly Duration RealtimePrice = Duration.FromMilliseconds(50);

    public static readonly Duration BulkPrice = Duration.FromSeconds(1);

    /// <summary>A second of outage in ten, and less, is to be told; a packet of fifty is not.</summary>
    public const double InTime = 0.97;

    public static readonly Duration MostPriceTime = Duration.FromSeconds(10);

    public static readonly Bandwidth LeastRate = new(1_000);

    public static readonly Bandwidth MostRate = new(100_000_000_000_000);
}
