namespace WeCan.Runtime.Routing;

/// <summary>How routes reach the node and the disk, and reports the controller.</summary>
internal static class RouteLimits
{
    /// <summary>Destinations that one command to the loop tells the node the ways to: packets wait meanwhile.</summary>
    public const int DestinationsAtOnce = 64;

    /// <summary>The routes on disk; a larger file holds none.</summary>
    public const int FileBytes = 16 << 20;

    /// <summary>The whole is written each time, so not more often than this, however fast changes come.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(2);
}
