namespace WeCan.Controller.History.Points;

/// <summary>
/// The rates by which bandwidth is paid for: the mean of each five minutes, counted once. Where a node's word is about a longer time, as
/// no controller heard it meanwhile, the mean is over that.
/// </summary>
internal static class Billing
{
    /// <summary>The share of five minutes that is not above what is paid for.</summary>
    public const double Share = 0.95;

    /// <summary>For a point of a whole slot of the level of billing, once.</summary>
    public static void Settle(HistoryPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        if (point.Kind != SeriesKind.Traffic || point[TrafficTallies.Covered].Total == 0)
            return;
        var milliseconds = Math.Max(HistoryLevel.All[HistoryLevel.Billing].Slot * 1_000, point[TrafficTallies.Covered].Total);
        point[TrafficTallies.BilledIn].Add(RateOf(point[TrafficTallies.LinkBytesIn].Total, milliseconds), 1);
        point[TrafficTallies.BilledOut].Add(RateOf(point[TrafficTallies.LinkBytesOut].Total, milliseconds), 1);
    }

    /// <summary>In kbit/s, rounded down.</summary>
    public static long RateOf(long bytes, long milliseconds) => milliseconds <= 0 ? 0 : (long)Int128.Min((Int128)bytes * 8 / milliseconds, long.MaxValue);
}
