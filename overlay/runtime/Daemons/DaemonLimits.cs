namespace WeCan.Runtime.Daemons;

/// <summary>Times in the life of a daemon of the overlay.</summary>
internal static class DaemonLimits
{
    /// <summary>A node that starts for the first time waits so long for a membership before it says that it stands.</summary>
    public static readonly TimeSpan FirstMembership = TimeSpan.FromSeconds(30);
}
