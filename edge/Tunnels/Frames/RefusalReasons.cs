namespace WeCan.Edge.Tunnels.Frames;

/// <summary>How a <see cref="RefusalReason"/> is read, and told.</summary>
internal static class RefusalReasons
{
    public const int Count = (int)RefusalReason.BadTarget + 1;

    /// <summary>The label of metrics, by reason.</summary>
    private static readonly string[] Labels = ["other", "policy", "refused", "unreachable", "timed_out", "too_many", "version", "bad_target"];

    public static RefusalReason Read(byte value) => value < Count ? (RefusalReason)value : RefusalReason.Other;

    public static string Label(RefusalReason reason) => Labels[(int)reason];

    /// <summary>For people: what was wrong, and where to look.</summary>
    public static string Sentence(RefusalReason reason) => reason switch
    {
        RefusalReason.Policy => "tunnel_policy of the exit does not allow it",
        RefusalReason.Refused => "nothing listens at the target, seen from the exit",
        RefusalReason.Unreachable => "the exit is no member or this edge itself, or the target cannot be reached from it, or its name is not known there",
        RefusalReason.TimedOut => "the target, or the exit, did not answer in time",
        RefusalReason.TooMany => "as many connections are open as there may be",
        RefusalReason.Version => "the two edges are of different versions: update the older one",
        RefusalReason.BadTarget => "the target is no host and port",
        _ => "the exit has a reason that this version does not know",
    };
}
