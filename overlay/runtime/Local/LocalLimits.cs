namespace WeCan.Runtime.Local;

/// <summary>What an answer of a node about itself may cost.</summary>
internal static class LocalLimits
{
    /// <summary>Links or destinations in one answer, the lowest numbers first; more are counted.</summary>
    public const int Entries = 4_096;

    /// <summary>A question waits so long for the loop.</summary>
    public static readonly TimeSpan LoopWait = TimeSpan.FromSeconds(2);
}
