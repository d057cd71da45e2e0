namespace WeCan.Contracts.Inspection;

/// <summary>Bounds that who asks and who answers both know.</summary>
public static class ApiLimits
{
    /// <summary>A policy as it is sent.</summary>
    public const int PolicyBytes = 256 << 10;

    /// <summary>A set of keys as it is sent.</summary>
    public const int KeySetBytes = 64 << 10;

    /// <summary>Letters of what is said of a version of the policy.</summary>
    public const int CommentLetters = 500;
}
