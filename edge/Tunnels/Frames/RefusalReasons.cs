namespace WeCan.Edge.Tunnels.Frames;

/// <summary>How a <see cref="RefusalReason"/> is read, and told.</summary>
internal static class RefusalReasons
{
    public const int Count = (int)RefusalReason.BadTarget + 1;

    /// <summary>The label of metrics, by reason.</summary>
    private static readonly string[] Labels = ["other", "policy", "refused", "unreachable", "timed_out", "too_many", "version", "bad_target"];

    public static RefusalReason Read(byte value) => value < Count ? (RefusalReason)value : RefusalReason.Other;

    public static string Label(RefusalReason reason) => Labels[(int)reason];
}
