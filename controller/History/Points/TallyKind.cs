namespace WeCan.Controller.History.Points;

/// <summary>How much of what was measured is kept.</summary>
internal enum TallyKind
{
    /// <summary>The sum alone.</summary>
    Total,

    /// <summary>Weight, sum, least and greatest.</summary>
    Level,

    /// <summary>These, and how the weight spreads over the values, so that percentiles can be told.</summary>
    Spread,
}
