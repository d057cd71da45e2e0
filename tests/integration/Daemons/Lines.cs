namespace WeCan.Integration.Tests.Daemons;

/// <summary>Lines of daemons that tests wait for, by the numbers of their events.</summary>
internal static class Lines
{
    /// <summary>The daemon stands.</summary>
    public const string Ready = "[1000]";

    /// <summary>The node is a member, and has its number.</summary>
    public const string Started = "[1100]";

    /// <summary>A link to a member stands.</summary>
    public const string Linked = "[1102]";
}
