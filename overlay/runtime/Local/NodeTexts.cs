using System.Globalization;
using System.Text;
using WeCan.Hosting.Local;
using WeCan.Runtime.Membership;

namespace WeCan.Runtime.Local;

/// <summary>A node's answers about itself as text for people.</summary>
internal static class NodeTexts
{
    public static string Status(NodeStatusReport report, DateTimeOffset now)
    {
        var facts = new TextFacts();
        facts.Add("node", $"{PeerNames.Of(new((ushort)report.Node), report.Name)}, {report.Role} of network {report.Network}{(report.Region.Length > 0 ? $", region {report.Region}" : "")}");
        facts.Add("state", $"{(report.IsDisowned ? "no member any more, started" : report.IsDraining ? "draining, started" : "running since")} {Moment(report.Started, now)}, life {report.Life}, {report.Software}");
        if (report.IsDisowned)
            facts.Add("", "Stop it, or enrol it anew: give it a new token and restart it.");
        if (report.IsImpaired)
            facts.Add("", "IMPAIRED ON PURPOSE, for labs only");
        facts.Add("listens", report.Listen);
        facts.Add("controller", Controller(report.Controller, now));
        facts.Add("certificate", $"until {report.CertificateEnd:yyyy-MM-dd HH:mm:ss}Z");
        facts.Add("members", $"{Count(report.Relays, "relay")}, {Count(report.Edges, "edge")}, version {report.MembershipVersion}");
        facts.Add("links", $"{report.Links} of {Math.Max(0, report.Relays + report.Edges - 1)} stand{(report.LinksSilent > 0 ? $", {report.LinksSilent} of them silent" : "")}");
        facts.Add("routes", report.Destinations == 0 ? "none told yet: direct links are used" : $"to {Count(report.Destinations, "node")}, version {report.RoutesVersion}");
        return facts.ToString();
    }

    public static string Links(LinksReport report)
    {
        if (report.Links.Count == 0)
            return "There is no other member yet.";
        var table = new TextTable().Right("peer").Left("name").Left("role").Left("state").Left("use").Right("rtt").Right("jitter").Right("loss to").Right("loss from").Right("carries").Right("sent").Right("received").Left("address");
        foreach (var link in report.Links)
        {
            var isUp = link.State != "down";
            table.Row(
                $"{link.Peer}", link.Name, link.Role, Word(link.State), Word(link.Use), isUp ? Time(link.RttMs) : "-", isUp ? Time(link.JitterMs) : "-",
                isUp ? Share(link.LossTo) : "-", isUp ? Share(link.LossFrom) : "-", link.Bandwidth > 0 ? Rate(link.Bandwidth) : "-",
                isUp ? Quantities.Bytes(link.BytesSent) : "-", isUp ? Quantities.Bytes(link.BytesReceived) : "-", link.Address);
        }

        return WithRest(table.ToString(), report.Links.Count, report.Total);
    }

    public static string Routes(RoutesReport report)
    {
        if (report.Routes.Count == 0)
            return "There is no other member yet.";
        var isAlone = report.Routes.Any(route => route.Ways.Any(way => way.Realtime is not null));
        var table = new TextTable().Right("to").Left("name").Left("for").Right("rank").Left("way").Left("first link").Left("use");
        if (isAlone)
            table.Right("realtime lost").Right("delay").Right("marked");
        foreach (var route in report.Routes)
        {
            foreach (var way in route.Ways)
            {
                string[] cells = [way.Rank == 0 ? $"{route.Destination}" : "", way.Rank == 0 ? route.Name : "", way.Rank == 0 ? route.For : "", $"{way.Rank}", Way(way), Word(way.FirstLink), Use(route, way)];
                string[] fared = !isAlone ? [] : way.Realtime is { } realtime ? [Share(realtime.Loss), Time(realtime.DelayMs), Share(realtime.Marks)] : ["-", "-", "-"];
                table.Row([.. cells, .. fared]);
            }
        }

        return WithRest(table.ToString(), report.Routes.Select(route => route.Destination).Distinct().Count(), report.Total);
    }

    private static string Way(WayEntry way) => way.Relays.Count == 0 ? "direct" : $"by {string.Join(", ", way.Relays)}";

    private static string Use(RouteEntry route, WayEntry way)
    {
        var use = way.IsInUse ? "in use" : way.FirstLink == "down" ? "cannot be used" : "backup";
        return !route.IsTold ? $"{use} (no route told yet)" : way.IsLastResort ? $"{use} (last resort)" : use;
    }

    private static string Controller(ControllerReport control, DateTimeOffset now) => control.IsConnected
        ? $"{control.Address} by {control.Transport}, since {Moment(control.Since ?? now, now)}"
        : control.Since is { } since ? $"none since {Moment(since, now)}: {control.Trouble}" : $"none yet: {control.Trouble}";

    private static string Moment(DateTimeOffset at, DateTimeOffset now) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({Quantities.Age(now - at)})";

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Word(string word) => word.Replace('_', ' ');

    private static string Time(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static string Rate(long bitsPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e6:0.#} Mbit/s");

    private static string WithRest(string table, int shown, int total) =>
        shown == total ? table : new StringBuilder(table).Append(CultureInfo.InvariantCulture, $"\n{total - shown} more.").ToString();
}
