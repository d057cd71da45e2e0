using WeCan.Contracts;
using WeCan.Contracts.Inspection;
using WeCan.Controller.History;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.Inspection;

/// <summary>Points of the history as reports.</summary>
internal static class HistoryReports
{
    public static LinkHistoryReport Link(HistoryReader reader, HistoryQuestion question, NodeName from, NodeName to)
    {
        var steps = question.InSteps(reader.Read(new(SeriesKind.Link, (ushort)from.Number, (ushort)to.Number), question.Level, question.Since, question.Until));
        return new()
        {
            From = from.Number,
            FromName = from.Name,
            To = to.Number,
            ToName = to.Name,
            Since = Moment(question.Since),
            Until = Moment(question.Until),
            ResolutionSeconds = question.Step,
            Entries = [.. steps.Select(step => Link(step.Key, step.Value))],
            Total = HistoryQuestion.SumOf(steps.Values) is { } sum ? Link(question.Since, sum) : null,
        };
    }

    public static NodeHistoryReport Node(HistoryReader reader, HistoryQuestion question, NodeName node, long now)
    {
        var key = new SeriesKey(SeriesKind.Traffic, (ushort)node.Number, 0);
        var steps = question.InSteps(reader.Read(key, question.Level, question.Since, question.Until));
        var level = HistoryLevel.All.First(level => level.Index >= HistoryLevel.Billing && (level == HistoryLevel.Coarsest || now - question.Since <= level.Kept));
        var billed = HistoryQuestion.SumOf(reader.Read(key, level, level.SlotOf(question.Since), question.Until).Values);
        return new()
        {
            Node = node.Number,
            Name = node.Name,
            Since = Moment(question.Since),
            Until = Moment(question.Until),
            ResolutionSeconds = question.Step,
            Entries = [.. steps.Select(step => Node(step.Key, step.Value))],
            Total = HistoryQuestion.SumOf(steps.Values) is { } sum ? Node(question.Since, sum) : null,
            Billing = billed is null || billed[TrafficTallies.BilledIn].Count == 0 ? null : BillingOf(billed),
        };
    }

    public static QualityReport Quality(HistoryReader reader, HistoryQuestion question, NodeName? from, NodeName? to, IReadOnlyList<PairQuality> worst, int pairs)
    {
        var key = from is null || to is null ? SeriesKey.Network : new(SeriesKind.Quality, (ushort)from.Number, (ushort)to.Number);
        var steps = question.InSteps(reader.Read(key, question.Level, question.Since, question.Until));
        return new()
        {
            From = from,
            To = to,
            Since = Moment(question.Since),
            Until = Moment(question.Until),
            ResolutionSeconds = question.Step,
            Entries = [.. steps.Select(step => Quality(step.Key, step.Value))],
            Total = HistoryQuestion.SumOf(steps.Values) is { } sum ? Quality(question.Since, sum) : null,
            Pairs = pairs,
            Worst = worst,
        };
    }

    /// <summary>All pairs, those that are worst off first; those with few packets say little, and come last.</summary>
    public static List<PairQuality> Pairs(HistoryReader reader, HistoryQuestion question, IReadOnlyDictionary<ushort, string> names) =>
    [
        .. from pair in reader.Sum(SeriesKind.Quality, question.Level, question.Since, question.Until)
           where pair.Key != SeriesKey.Network
           let quality = Quality(question.Since, pair.Value)
           orderby quality.Expected < HistoryLimits.TellingPackets, quality.EndToEndShare ?? 1, quality.Expected descending, pair.Key.Order
           select new PairQuality(Name(pair.Key.From, names), Name(pair.Key.To, names), quality),
    ];

    private static NodeName Name(ushort number, IReadOnlyDictionary<ushort, string> names) => new(number, names.GetValueOrDefault(number, ""));

    private static QualityEntry Quality(long at, HistoryPoint point)
    {
        var (delay, way, direct) = (point[QualityTallies.Delay], point[QualityTallies.Way], point[QualityTallies.Direct]);
        var (expected, dropped) = (point[QualityTallies.Expected].Total, point[QualityTallies.Offered].Total - point[QualityTallies.Sent].Total);
        var isCompared = way.Count > 0;
        return new()
        {
            At = Moment(at),
            Offered = point[QualityTallies.Offered].Total,
            Sent = point[QualityTallies.Sent].Total,
            InTime = point[QualityTallies.InTime].Total,
            Late = point[QualityTallies.Late].Total,
            Delivered = point[QualityTallies.Delivered].Total,
            Expected = expected,
            NetworkShare = Share(point[QualityTallies.InTime].Total, expected - Math.Max(0, dropped)),
            EndToEndShare = Share(point[QualityTallies.Delivered].Total, expected),
            DelayP50Ms = delay.Count > 0 ? delay.Quantile(0.5) / 1_000.0 : null,
            DelayP95Ms = delay.Count > 0 ? delay.Quantile(0.95) / 1_000.0 : null,
            DelayMaxMs = delay.Count > 0 ? delay.Greatest / 1_000.0 : null,
            WayMs = isCompared ? way.Mean / 1_000 : null,
            DirectMs = isCompared ? direct.Mean / 1_000 : null,
            GainMs = isCompared ? (direct.Mean - way.Mean) / 1_000 : null,
            DirectLoss = isCompared ? point[QualityTallies.DirectLoss].Mean / 1e6 : null,
        };
    }

    /// <summary>What stands between two words is in one of them alone, so a short time can have a packet too many.</summary>
    private static double? Share(long part, long whole) => whole <= 0 ? null : Math.Min(1, (double)part / whole);

    private static NodeHistoryEntry Node(long at, HistoryPoint point) => new()
    {
        At = Moment(at),
        KnownSeconds = point[TrafficTallies.Covered].Total / 1_000.0,
        BytesIn = point[TrafficTallies.LinkBytesIn].Total,
        BytesOut = point[TrafficTallies.LinkBytesOut].Total,
        PeakIn = point[TrafficTallies.RateIn].Greatest * 1_000,
        PeakOut = point[TrafficTallies.RateOut].Greatest * 1_000,
        Classes = [.. Enum.GetValues<ServiceClass>().Select(service => Class(service, which => point[TrafficTallies.Of(service, which)].Total))],
    };

    private static ClassHistoryEntry Class(ServiceClass service, Func<int, long> total) => new()
    {
        Class = service switch { ServiceClass.Control => "control", ServiceClass.Realtime => "realtime", ServiceClass.Signal => "signal", _ => "bulk" },
        PacketsIn = total(0),
        BytesIn = total(1),
        PacketsOut = total(2),
        BytesOut = total(3),
        PacketsForwarded = total(4),
        BytesForwarded = total(5),
    };

    private static BillingEntry BillingOf(HistoryPoint point)
    {
        var (into, outOf) = (point[TrafficTallies.BilledIn], point[TrafficTallies.BilledOut]);
        return new()
        {
            Intervals = into.Count,
            P95In = into.Quantile(Billing.Share) * 1_000,
            P95Out = outOf.Quantile(Billing.Share) * 1_000,
            MaxIn = into.Greatest * 1_000,
            MaxOut = outOf.Greatest * 1_000,
        };
    }

    private static LinkHistoryEntry Link(long at, HistoryPoint point)
    {
        var (covered, rtt) = (point[LinkTallies.Covered].Total, point[LinkTallies.Rtt]);
        return new()
        {
            At = Moment(at),
            KnownSeconds = covered / 1_000.0,
            Up = covered == 0 ? 0 : (double)rtt.Count / covered,
            RttP50Ms = rtt.Quantile(0.5) / 1_000.0,
            RttP95Ms = rtt.Quantile(0.95) / 1_000.0,
            RttMaxMs = rtt.Greatest / 1_000.0,
            JitterMs = point[LinkTallies.Jitter].Mean / 1_000.0,
            JitterMaxMs = point[LinkTallies.Jitter].Greatest / 1_000.0,
            Loss = point[LinkTallies.Loss].Mean / 1e6,
            LossMax = point[LinkTallies.Loss].Greatest / 1e6,
            Used = (long)(point[LinkTallies.Used].Mean * 1_000),
            UsedMax = point[LinkTallies.Used].Greatest * 1_000,
            Bandwidth = (long)(point[LinkTallies.Bandwidth].Mean * 1_000),
        };
    }

    private static DateTimeOffset Moment(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
