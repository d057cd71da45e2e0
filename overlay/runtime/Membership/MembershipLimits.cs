namespace WeCan.Runtime.Membership;

/// <summary>How membership reaches the node and the disk.</summary>
internal static class MembershipLimits
{
    /// <summary>Members that one command to the loop tells the node of: each may begin a handshake, and packets wait meanwhile.</summary>
    public const int MembersAtOnce = 32;

    /// <summary>The whole is written each time, so not more often than this, however fast changes come.</summary>
    public static readonly TimeSpan WriteInterval = TimeSpan.FromMilliseconds(500);
}
