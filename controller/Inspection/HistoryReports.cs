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
