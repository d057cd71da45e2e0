namespace WeCan.Controller.History.Points;

/// <summary>
/// What is kept of the Realtime packets from one edge to another. Shares are of what the destination counts alone: what both ends count is about
/// different moments, and a tenth of ten seconds would look like a loss.
/// </summary>
internal static class QualityTallies
{
    /// <summary>Packets that the origin took from its applications.</summary>
    public const int Offered = 0;

    /// <summary>Those of them that it sent.</summary>
    public const int Sent = 1;

    /// <summary>Those that came to the destination before their deadline, each once.</summary>
    public const int InTime = 2;

    /// <summary>Those that came after it.</summary>
    public const int Late = 3;

    /// <summary>Those that the destination handed to its applications in time.</summary>
    public const int Delivered = 4;

    /// <summary>Microseconds from the sending to the arrival, as the origin hears of it. The weight is packets sent.</summary>
    public const int Delay = 5;

    /// <summary>Microseconds that the chosen way takes by its links. The weight of this and of those below is packets sent while both ways were known.</summary>
    public const int Way = 6;

    /// <summary>Microseconds that the direct link takes.</summary>
    public const int Direct = 7;

    /// <summary>Millionths that the direct link loses.</summary>
    public const int DirectLoss = 8;

    /// <summary>Packets that the destination knows to have been offered, by the numbers of those that came.</summary>
    public const int Expected = 9;

    public static readonly TallyKind[] Kinds =
    [
        TallyKind.Total, TallyKind.Total, TallyKind.Total, TallyKind.Total, TallyKind.Total,
        TallyKind.Spread, TallyKind.Level, TallyKind.Level, TallyKind.Level, TallyKind.Total,
    ];
}
