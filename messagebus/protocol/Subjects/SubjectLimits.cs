namespace WeCan.MessageBus.Protocol.Subjects;

/// <summary>The bounds of names, which every edge and every client keep alike.</summary>
internal static class SubjectLimits
{
    /// <summary>The longest subject or pattern, in bytes of UTF-8.</summary>
    public const int MaxBytes = 255;

    /// <summary>The most tokens; so deep a tree of patterns grows, and so deep a match recurses.</summary>
    public const int MaxTokens = 16;

    /// <summary>The longest name of a space.</summary>
    public const int MaxSpaceBytes = 63;
}
