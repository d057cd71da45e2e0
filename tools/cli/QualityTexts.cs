using System.Globalization;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>The quality that users have, as text for people.</summary>
internal static class QualityTexts
{
    public static string Quality(QualityReport report)
    {
        var whose = report is { From: { } from, To: { } to } ? $"From {from} to {to}" : "The network";
        var head = $"{whose}, {HistoryTexts.Span(report.Since, report.Until, report.ResolutionSeconds)}";
        if (report.Total is not { } total)
            return $"{head}: no Realtime packet is known.";
        var table = Table("from (UTC)");
        foreach (var entry in report.Entries)
            table.Row([$"{entry.At.UtcDateTime:MM-dd HH:mm:ss}", .. Cells(entry)]);
        table.Row(["together", .. Cells(total)]);
        var line = HistoryTexts.Line(report.Entries, report.Since, report.Until, report.ResolutionSeconds, entry => entry.At, entry => 1 - entry.EndToEndShare);
        var text = $"{head}\n\n{table.ToString(Screen.Width)}\n\nmissed  {line}";
        if (report.Worst.Count == 0)
            return text;
        var worst = Table("from", "to");
        foreach (var pair in report.Worst)
            worst.Row([$"{pair.From}", $"{pair.To}", .. Cells(pair.Quality)]);
        return $"{text}\n\nThe worst of {report.Pairs} pairs\n{worst.ToString(Screen.Width)}";
    }

    private static TextTable Table(params string[] heads)
    {
        var table = new TextTable();
        foreach (var head in heads)
            table.Left(head);
        return table.Right("packets").Right("in time").Right("end to end").Right("delay p50").Right("p95").Right("way").Right("direct").Right("gain").Right("direct loses");
    }

    private static string[] Cells(QualityEntry entry) =>
    [
        Count(entry.Offered), Share(entry.NetworkShare), Share(entry.EndToEndShare), Time(entry.DelayP50Ms), Time(entry.DelayP95Ms),
        Time(entry.WayMs), Time(entry.DirectMs), Time(entry.GainMs), entry.DirectLoss is { } loss ? HistoryTexts.Share(loss) : "-",
    ];

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(double? milliseconds) => milliseconds is { } known ? HistoryTexts.Time(known) : "-";

    /// <summary>Rounded down: what is not all is not told as 100 %.</summary>
    private static string Share(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(known * 100_000) / 1_000:0.###} %") : "-";
}
