namespace WeCan.Contracts.Access;

/// <summary>The bounds of who may come to the bus: controllers, edges, and who signs tokens keep the same.</summary>
public static class AccessLimits
{
    /// <summary>The name of a key, of a client, and of a token.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>The longest name of a space.</summary>
    public const int MaxSpaceBytes = 63;

    /// <summary>Spaces that one key may be bound to.</summary>
    public const int MaxSpaces = 16;

    /// <summary>Regions that a space may be pinned to.</summary>
    public const int MaxRegions = 16;

    /// <summary>Spaces of which a network has said something.</summary>
    public const int MaxSpacesSaid = 1_024;

    /// <summary>Keys in one file of them: those in use, those that come and those that go.</summary>
    public const int MaxKeysInFile = 64;

    /// <summary>Keys that a network has.</summary>
    public const int MaxKeys = 1_024;

    /// <summary>Revocations that count at one time in a network. Each is forgotten when it can concern no token any more.</summary>
    public const int MaxRevocations = 10_000;

    /// <summary>
    /// A token lives no longer than this from when it was issued; one that would is refused. So what was revoked need not be remembered for
    /// longer either.
    /// </summary>
    public static readonly Duration MaxTokenLife = Duration.FromSeconds(30L * 24 * 3600);

    /// <summary>The clocks of who signs, who verifies and who revokes may be so far apart.</summary>
    public static readonly Duration ClockTolerance = Duration.FromSeconds(60);

    /// <summary>A client is shut out for so long at most in one go.</summary>
    public static readonly Duration LongestExclusion = Duration.FromSeconds(366L * 24 * 3600);
}
