using System.Globalization;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Contracts.Inspection;
using WeCan.Controller.Core;
using WeCan.Controller.Inspection;
using WeCan.Controller.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Hosting.Local;

namespace WeCan.Controller.Admin;

/// <summary>Links and routes as tables for people: what was chosen, what it takes now, and why in one line each.</summary>
internal sealed class RouteTexts(ControllerCore core, ControllerTime now)
{
    /// <summary>A table that nobody reads to its end helps nobody: of one node's links there are as many as that.</summary>
    private const int MostLinks = 1_000;

    /// <summary>All links that are reported, or one node's. A link is told by both of its ends.</summary>
    public AdminAnswer Links(string only)
    {
        if (only.Length > 0 && !TryFind(only, out _, out var problem))
            return new(false, problem);
        var node = only.Length > 0 && TryFind(only, out var found, out _) ? found : NodeId.None;
        var lines = (from reporter in core.Routing.Links.Reporters
                     where reporter.Value.Counts(now.Mono) && (node.IsNone || reporter.Key == node)
                     from link in reporter.Value.Links.Values
                     orderby reporter.Key, link.Peer
                     select (Node: reporter.Key, Link: link)).ToList();
        if (lines.Count == 0)
            return new(true, node.IsNone ? "No node reports any link." : $"Node {core.History.NameOf(node)} reports no link.");
        var table = new TextTable().Left("from").Left("to").Left("state").Right("rtt").Right("jitter").Right("loss to").Right("loss from").Right("sent").Right("carries");
        foreach (var (from, link) in lines.Take(MostLinks))
        {
            var state = core.Routing.Links.StateOf(now.Mono, from, link.Peer) switch { LinkState.Proven => "good", LinkState.Up => "waiting", _ => "denied" };
            table.Row(
                $"{core.History.NameOf(from)}", $"{core.History.NameOf(link.Peer)}", state, Time(link.Rtt.Microseconds), Time(link.Jitter.Microseconds),
                Share(link.LossTo), Share(link.LossFrom), Rate(link.Used), link.Bandwidth.BitsPerSecond > 0 ? Rate(link.Bandwidth) : "-");
        }

        return new(true, lines.Count > MostLinks ? $"{table}\n{lines.Count - MostLinks} more: name a node to see its own." : table.ToString());
    }

    /// <summary>What an explanation of the ways between two nodes starts from, or why there can be none.</summary>
    public RouteLook? Look(string from, string to, out string problem)
    {
        if (!TryFind(from, out var origin, out problem) || !TryFind(to, out var destination, out problem))
            return null;
        problem = origin == destination ? "These two are the same node: name another one." : "";
        return problem.Length > 0 ? null : RouteLook.Take(core, now, history: null, origin, destination, RouteClass.Signal);
    }

    public static string Show(RouteReport report)
    {
        var text = new StringBuilder();
        if (report.Ways.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"From {report.From} to {report.To}, {report.Version}\nrank  takes now  way\n");
        var widest = report.Ways.Count > 0 ? report.Ways.Max(way => Path(way).Length) : 0;
        foreach (var way in report.Ways)
            text.AppendLine(CultureInfo.InvariantCulture, $"{way.Rank,4}  {(way.CostMs is { } cost ? Time((long)(cost * 1_000)) : "-"),9}  {Path(way).PadRight(widest)}  {way.Why}");
        foreach (var remark in report.Remarks)
            text.AppendLine(remark);
        return text.ToString().TrimEnd();
    }

    /// <summary>By number or by name.</summary>
    private bool TryFind(string text, out NodeId number, out string problem)
    {
        var member = core.History.Members.FirstOrDefault(member => member.Name == text && text.Length > 0)
            ?? (ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? core.History.Members.FirstOrDefault(member => member.Number.Value == value) : null);
        number = member?.Number ?? NodeId.None;
        problem = member is null ? $"There is no node \"{text}\": \"wecan-controller node list\" shows them." : "";
        return member is not null;
    }

    private static string Path(WayEntry way) => way.Relays.Count == 0 ? "direct" : $"by {string.Join(" and ", way.Relays)}";

    private static string Time(long microseconds) => string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0.0} ms");

    private static string Share(uint millionths) => string.Create(CultureInfo.InvariantCulture, $"{millionths / 10_000.0:0.##} %");

    private static string Rate(Bandwidth rate) => string.Create(CultureInfo.InvariantCulture, $"{rate.MegabitsPerSecond:0.0} Mbit/s");
}
