using System.Globalization;
using WeCan.Contracts;
using WeCan.Lab.Options;
using WeCan.Lab.Reports;

namespace WeCan.Lab.View;

/// <summary>A snapshot as a page of text: the daemons, and what the flows through them get.</summary>
internal sealed class Dashboard(LabOptions options, Ink ink)
{
    private const int EventsShown = 6;

    public IEnumerable<string> Lines(LabSnapshot snapshot) =>
        [
            .. Header(snapshot), "",
            .. Table(Nodes(snapshot)), "",
            .. Table(Flows(snapshot)),
            .. snapshot.Events.Count == 0 ? (string[])[] : ["", .. snapshot.Events.TakeLast(EventsShown).Select(ink.Warn)],
        ];

    private IEnumerable<string> Header(LabSnapshot snapshot)
    {
        var seconds = Math.Min(snapshot.Seconds, options.Seconds).ToString("0.0", CultureInfo.InvariantCulture);
        var state = snapshot.Seconds > options.Seconds ? "draining" : $"{seconds} s of {options.Seconds} s";
        yield return $"{ink.Bold("WeCan lab")}  {ink.Dim($"a controller, {options.Plan.Relays.Count} relays and {options.Plan.Edges.Count} edges, a process each")}  {state}";
        yield return ink.Warn($"IMPAIRED ON PURPOSE  {options.Impairment}");
    }

    private IEnumerable<string> Table(TextTable table) => table.Lines().Select((line, row) => row == 0 ? ink.Dim(line) : line);

    private static TextTable Nodes(LabSnapshot snapshot)
    {
        var table = new TextTable(3, "node", "role", "controller", "links", "CPU %", "MiB", "forwarded", "lost", "repaired");
        foreach (var node in snapshot.Nodes)
        {
            table.Add(
                node.Name, node.Role, !node.Runs ? "–" : node.IsConnected ? "connected" : "none", node.Runs ? Count(node.Links) : "down", node.ProcessorPercent.ToString("0.0", CultureInfo.InvariantCulture),
                node.MemoryMiB.ToString("0", CultureInfo.InvariantCulture), Count(node.Forwarded), Count(node.Lost), Count(node.Repaired));
        }

        return table;
    }

    private static TextTable Flows(LabSnapshot snapshot)
    {
        var table = new TextTable(3, "flow", "as", "", "sent", "delivered", "missed", "missed %", "p50 ms", "p99 ms", "max ms");
        foreach (var flow in snapshot.Flows)
        {
            // What is on its way is not missed yet; of Signal nothing is in the end.
            var missed = flow.Class == ServiceClass.Realtime ? Math.Max(0, flow.Missed - OnItsWay(flow, snapshot)) : 0;
            table.Add(
                flow.Class.ToString(), flow.Class == ServiceClass.Signal ? "TCP" : "UDP", $"{flow.From} → {flow.To}", Count(flow.Sent), Count(flow.Received),
                flow.Class == ServiceClass.Realtime ? Count(missed) : "–", flow.Class == ServiceClass.Realtime ? Percent(missed, flow.Sent) : "–",
                Number(flow.MedianMilliseconds), Number(flow.P99Milliseconds), Number(flow.MaxMilliseconds));
        }

        return table;
    }

    private static long OnItsWay(FlowReport flow, LabSnapshot snapshot) =>
        snapshot.Seconds == 0 ? 0 : (long)Math.Ceiling(LabLimits.MessagesPerSecond * Math.Max(flow.MedianMilliseconds, 20) / 1_000);

    private static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) => whole == 0 ? "–" : (part * 100.0 / whole).ToString("0.00", CultureInfo.InvariantCulture);
}
