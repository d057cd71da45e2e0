namespace WeCan.Runtime.Daemons;

/// <summary>Times in the life of a daemon of the overlay.</summary>
internal static class DaemonLimits
{
    /// <summary>A node that starts for the first time waits so long for a membership before it says that it stands.</summary>
    public static readonly TimeSpan FirstMembership = TimeSpan.FromSeconds(30);

    /// <summary>A draining node waits until nothing has passed through it for so long.</summary>
    public static readonly TimeSpan QuietTraffic = TimeSpan.FromSeconds(1);

    /// <summary>It waits no longer than this, so that links and the controller can be told goodbye in time.</summary>
    public static readonly TimeSpan TrafficDrain = TimeSpan.FromSeconds(6);

    public static readonly TimeSpan TrafficLook = TimeSpan.FromMilliseconds(100);
}
