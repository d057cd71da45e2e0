using System.Globalization;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>A controller's answers about the past as text for people.</summary>
internal static class HistoryTexts
{
    public static string Link(LinkHistoryReport report)
    {
        var head = $"From {new NodeName(report.From, report.FromName)} to {new NodeName(report.To, report.ToName)}, {Span(report.Since, report.Until, report.ResolutionSeconds)}";
        if (report.Total is not { } total)
            return $"{head}: nothing is known.";
        var table = new TextTable().Left("from (UTC)").Right("up").Right("rtt p50").Right("p95").Right("max").Right("jitter").Right("loss").Right("max").Right("sent").Right("max").Right("carries");
        foreach (var entry in report.Entries)
            Row(table, $"{entry.At.UtcDateTime:MM-dd HH:mm:ss}", entry);
        Row(table, "together", total);
        var line = Line(report.Entries, report.Since, report.Until, report.ResolutionSeconds, entry => entry.At, entry => entry.Up > 0 ? entry.RttP95Ms : null);
        return $"{head}\n\n{table.ToString(Screen.Width)}\n\nrtt p95  {line}";
    }

    public static string Node(NodeHistoryReport report)
    {
        var head = $"Node {new NodeName(report.Node, report.Name)}, {Span(report.Since, report.Until, report.ResolutionSeconds)}";
        if (report.Total is not { } total)
            return $"{head}: nothing is known.";
        var table = new TextTable().Left("from (UTC)").Right("in").Right("out").Right("peak in").Right("peak out").Right("realtime out").Right("signal out").Right("bulk out").Right("forwarded");
        foreach (var entry in report.Entries)
            Row(table, $"{entry.At.UtcDateTime:MM-dd HH:mm:ss}", entry);
        Row(table, "together", total);
        var line = Line(report.Entries, report.Since, report.Until, report.ResolutionSeconds, entry => entry.At, entry => entry.PeakOut);
        var billing = report.Billing is { } billed
            ? $"95 % of {billed.Intervals} times five minutes: in {Rate(billed.P95In)}, out {Rate(billed.P95Out)}; the greatest: in {Rate(billed.MaxIn)}, out {Rate(billed.MaxOut)}"
            : "No five minutes are over yet.";
        return $"{head}\n\n{table.ToString(Screen.Width)}\n\npeak out  {line}\n\n{billing}";
    }

    /// <summary>One bar for each step of the time, with gaps where nothing is known.</summary>
    public static string Line<T>(IReadOnlyList<T> entries, DateTimeOffset since, DateTimeOffset until, long step, Func<T, DateTimeOffset> at, Func<T, double?> value)
    {
        var values = new double?[(int)Math.Clamp((until - since).TotalSeconds / step, 1, 1_500)];
        foreach (var entry in entries)
        {
            var place = (int)((at(entry) - since).TotalSeconds / step);
            if (place >= 0 && place < values.Length)
                values[place] = value(entry);
        }

        return Sparkline.Of(values);
    }

    public static string Span(DateTimeOffset since, DateTimeOffset until, long step) =>
        $"{since.UtcDateTime:yyyy-MM-dd HH:mm}Z to {until.UtcDateTime:yyyy-MM-dd HH:mm}Z, each line {Length(step)}";

    public static string Time(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");

    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static void Row(TextTable table, string when, NodeHistoryEntry entry)
    {
        long Out(string service) => entry.Classes.Where(each => each.Class == service).Sum(each => each.BytesOut);
        table.Row(
            when, Quantities.Bytes(entry.BytesIn), Quantities.Bytes(entry.BytesOut), Rate(entry.PeakIn), Rate(entry.PeakOut),
            Quantities.Bytes(Out("realtime")), Quantities.Bytes(Out("signal")), Quantities.Bytes(Out("bulk")), Quantities.Bytes(entry.Classes.Sum(each => each.BytesForwarded)));
    }

    private static void Row(TextTable table, string when, LinkHistoryEntry entry)
    {
        if (entry.Up <= 0)
        {
            table.Row(when, "0 %", "-", "-", "-", "-", "-", "-", "-", "-", "-");
            return;
        }

        table.Row(
            when, Share(entry.Up), Time(entry.RttP50Ms), Time(entry.RttP95Ms), Time(entry.RttMaxMs), Time(entry.JitterMs), Share(entry.Loss), Share(entry.LossMax),
            Rate(entry.Used), Rate(entry.UsedMax), entry.Bandwidth > 0 ? Rate(entry.Bandwidth) : "-");
    }

    private static string Length(long seconds) => seconds switch
    {
        >= 86_400 when seconds % 86_400 == 0 => $"{seconds / 86_400}d",
        >= 3_600 when seconds % 3_600 == 0 => $"{seconds / 3_600}h",
        >= 60 when seconds % 60 == 0 => $"{seconds / 60}m",
        _ => $"{seconds}s",
    };

    private static string Rate(long bitsPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e6:0.0} Mbit/s");
}
