using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Messages;
using WeCan.Lab.Options;
using WeCan.Lab.Run;

namespace WeCan.Lab.View;

/// <summary>A snapshot as a page of text: what the network was told to do, what the links measure, what the flows get.</summary>
internal sealed class Dashboard(LabOptions options, Ink ink)
{
    public IEnumerable<string> Lines(LabSnapshot snapshot) =>
        [
            .. Header(snapshot), "",
            .. Table(Links(snapshot)), "",
            .. Table(Flows(snapshot)), "",
            .. Drops(snapshot),
        ];

    /// <summary>One sentence that nobody can overlook.</summary>
    public static string Impairment(LabOptions options)
    {
        var scenario = options.Scenario;
        var says = LabPlan.Paths.Select(path => Nodes.ScenarioEgress.Describe(scenario.Path(scenario.IndexOf(path.From), scenario.IndexOf(path.To)))).ToArray();
        var changes = scenario.Changes.IsEmpty ? "" : $"; changes as {scenario.Name} says";
        if (says.Distinct(StringComparer.Ordinal).Count() == 1)
            return says[0].Length == 0 && changes.Length == 0 ? "" : $"each link, each way: {(says[0].Length == 0 ? "clean" : says[0])}{changes}";
        var each = LabPlan.Paths.Zip(says, (path, what) => $"{path.From} → {path.To} {(what.Length == 0 ? "clean" : what)}");
        return string.Join("; ", each) + changes;
    }

    private IEnumerable<string> Header(LabSnapshot snapshot)
    {
        var seconds = Math.Min(snapshot.Seconds, options.Seconds).ToString("0.0", CultureInfo.InvariantCulture);
        var state = snapshot.Seconds > options.Seconds ? snapshot.IsSignalDone ? "done" : "draining" : $"{seconds} s of {options.Seconds} s";
        yield return $"{ink.Bold("WeCan lab")}  a ── r ── b  {ink.Dim("three processes on this machine")}  {state}";
        yield return Impairment(options) is { Length: > 0 } impairment
            ? ink.Warn($"IMPAIRED ON PURPOSE  {impairment}")
            : "The links are clean: nothing is lost or delayed on purpose.";
    }

    private IEnumerable<string> Table(TextTable table) => table.Lines().Select((line, row) => row == 0 ? ink.Dim(line) : line);

    private TextTable Links(LabSnapshot snapshot)
    {
        var table = new TextTable(1, "link", "rtt ms", "jitter ms", "Mbit/s", "datagrams", "lost %", "set %", "seen lost %", "resent");
        foreach (var (from, to) in LabPlan.Paths)
        {
            var path = snapshot.Path(from, to);
            var set = options.Scenario.Path(options.Scenario.IndexOf(from), options.Scenario.IndexOf(to)).Loss;
            var link = snapshot.Link(from, to);
            table.Add(
                $"{from} → {to}",
                link is null ? "down" : Number(link.RttMilliseconds),
                link is null ? "–" : Number(link.JitterMilliseconds),
                link is null or { MegabitsPerSecond: 0 } ? "–" : Number(link.MegabitsPerSecond),
                Count(path.Sent),
                Percent(path.Lost, path.Sent),
                options.Scenario.Changes.IsEmpty ? (set * 100).ToString("0.0#", CultureInfo.InvariantCulture) : "varies",
                link is null ? "–" : Percent(link.PacketsLost, link.PacketsTracked),
                link is null ? "–" : Count(link.SymbolsResent));
        }

        return table;
    }

    private static TextTable Flows(LabSnapshot snapshot)
    {
        var table = new TextTable(2, "flow", "", "sent", "delivered", "missing", "missing %", "p50 ms", "p99 ms", "max ms");
        foreach (var (serviceClass, from, to) in LabPlan.Flows)
        {
            var sink = snapshot.Sink(serviceClass, to);
            table.Add(
                serviceClass.ToString(),
                $"{from} → {to}",
                Count(snapshot.Source(serviceClass, from)?.Sent ?? 0),
                Count(sink.Received),
                Count(sink.Gaps),
                Percent(sink.Gaps, sink.Received + sink.Gaps),
                Number(sink.MedianMilliseconds),
                Number(sink.P99Milliseconds),
                Number(sink.MaxMilliseconds));
        }

        return table;
    }

    private IEnumerable<string> Drops(LabSnapshot snapshot)
    {
        foreach (var (name, report) in snapshot.Nodes)
        {
            if (report.Drops.Count > 0)
                yield return ink.Dim($"dropped at {name}  {Drops(report)}");
        }
    }

    private static string Drops(NodeReport report) => string.Join(", ", report.Drops.Select(drop => $"{drop.Key} {Count(drop.Value)}"));

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) => whole == 0 ? "–" : (part * 100.0 / whole).ToString("0.00", CultureInfo.InvariantCulture);
}
