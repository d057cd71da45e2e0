using WeCan.Controller.History;
using WeCan.Controller.History.Points;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Inspection.Quality;

/// <summary>
/// How the Realtime packets of one pair of edges fare, slot by slot: whether their share in time within the network has fallen, since when, and how low it
/// was. A slot with few packets is no evidence either way. What leaves the origin and of which nothing at all is heard, slot after slot, is a share of 0; one
/// such slot may be that both ends tell about different moments.
/// </summary>
/// <param name="way">The way that it takes when it is seen first.</param>
internal sealed class PairWatch(Way way)
{
    private int _good;
    private int _silent;
    private int _idle;

    /// <summary>The way that it took at the last look.</summary>
    public Way Way { get; set; } = way;

    public bool IsLow { get; private set; }

    /// <summary>Its fall was told, and so its end is.</summary>
    public bool IsTold { get; set; }

    /// <summary>The slot in which it fell, and the last that was low.</summary>
    public long Since { get; private set; }

    public long LastLow { get; private set; }

    /// <summary>The least share of one slot, since it fell.</summary>
    public double Lowest { get; private set; }

    /// <summary>Packets since it fell, and those of them that were not in time.</summary>
    public long Packets { get; private set; }

    public long Missed { get; private set; }

    /// <summary>Nothing is left to wait for.</summary>
    public bool IsOver => !IsLow && _idle >= InspectionLimits.QualityGoodSlots;

    /// <summary>Takes what one slot has of the pair.</summary>
    /// <param name="slot">When it began.</param>
    /// <param name="point">Null where it has nothing.</param>
    /// <param name="isHeard">Whether the destination told anything in it.</param>
    /// <param name="asked">The least share.</param>
    public QualityTurn Take(long slot, HistoryPoint? point, bool isHeard, double asked)
    {
        _idle = point is null ? _idle + 1 : 0;
        var (packets, inTime) = point is null ? (0, 0) : Judge(point, isHeard);
        if (packets >= HistoryLimits.TellingPackets && (double)inTime / packets is var share && share < asked)
            return TakeLow(slot, packets, packets - inTime, share);
        if (!IsLow)
            return QualityTurn.None;
        Count(packets, packets - inTime);
        if (++_good < InspectionLimits.QualityGoodSlots)
            return QualityTurn.None;
        IsLow = false;
        return QualityTurn.Recovers;
    }

    private QualityTurn TakeLow(long slot, long packets, long missed, double share)
    {
        var falls = !IsLow;
        if (falls)
            (Since, Lowest, Packets, Missed) = (slot, 1, 0, 0);
        (IsLow, LastLow, _good) = (true, slot, 0);
        Lowest = Math.Min(Lowest, share);
        Count(packets, missed);
        return falls ? QualityTurn.Falls : QualityTurn.None;
    }

    /// <summary>A node may tell any number: sums stay at the greatest.</summary>
    private void Count(long packets, long missed) => (Packets, Missed) = (Tally.Sum(Packets, packets), Tally.Sum(Missed, missed));

    /// <summary>What the destination knows to have been offered, less what the origin let go of, and what of it came in time.</summary>
    private (long Packets, long InTime) Judge(HistoryPoint point, bool isHeard)
    {
        var (expected, sent) = (point[QualityTallies.Expected].Total, point[QualityTallies.Sent].Total);
        _silent = isHeard && expected == 0 && sent >= HistoryLimits.TellingPackets ? _silent + 1 : 0;
        if (_silent > 1)
            return (sent, 0);
        var packets = Math.Max(0, expected - Math.Max(0, point[QualityTallies.Offered].Total - sent));
        return (packets, Math.Min(packets, point[QualityTallies.InTime].Total));
    }
}
