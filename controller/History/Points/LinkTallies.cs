namespace WeCan.Controller.History.Points;

/// <summary>What is kept of a link's direction. Weights are milliseconds in which the link could be relied on, so their count tells how long it was up.</summary>
internal static class LinkTallies
{
    /// <summary>Milliseconds in which anything was known.</summary>
    public const int Covered = 0;

    /// <summary>Microseconds.</summary>
    public const int Rtt = 1;

    /// <summary>Microseconds.</summary>
    public const int Jitter = 2;

    /// <summary>Millionths.</summary>
    public const int Loss = 3;

    /// <summary>kbit/s.</summary>
    public const int Used = 4;

    /// <summary>kbit/s.</summary>
    public const int Bandwidth = 5;

    public static readonly TallyKind[] Kinds = [TallyKind.Total, TallyKind.Spread, TallyKind.Level, TallyKind.Level, TallyKind.Level, TallyKind.Level];
}
