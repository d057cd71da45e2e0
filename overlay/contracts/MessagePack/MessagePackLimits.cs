namespace WeCan.Contracts.MessagePack;

/// <summary>The bounds this codec sets where the format sets none.</summary>
public static class MessagePackLimits
{
    /// <summary>How many arrays and maps may stand inside one another in a value that is skipped unread.</summary>
    public const int MaxDepth = 64;
}
