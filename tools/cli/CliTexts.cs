using System.Globalization;
using System.Text;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>A controller's reports as text for people.</summary>
internal static class CliTexts
{
    public static string Status(NetworkReport report, DateTimeOffset now)
    {
        var facts = new TextFacts();
        var mode = report.Mode switch { "leads" => "leads", "read_only" => "SERVES FROM MEMORY AND CHANGES NOTHING, as its store fails", _ => "stands by" };
        facts.Add("network", $"{report.Network} ({report.Id})");
        facts.Add("controller", $"{report.Controller}, {mode}, up since {Moment(report.Started, now)}");
        facts.Add("authority", $"until {report.AuthorityEnd:yyyy-MM-dd}");
        facts.Add("members", $"{Count(report.Relays, "relay")}, {Count(report.Edges, "edge")}, version {report.MembershipVersion}");
        facts.Add("connected", $"{report.Connected} of {report.Relays + report.Edges}; {report.Reporting} report their links{(report.Draining > 0 ? $"; {report.Draining} drain" : "")}");
        facts.Add("links", $"{report.Links} can be relied on");
        facts.Add("routes", report.Routed == 0 ? "none computed yet" : $"computed for {Count(report.Routed, "node")}");
        if (!report.WithoutWay.IsNone)
            facts.Add("NO WAY", $"{WithoutWay(report.WithoutWay)}, each direction counted");
        if (report.ExampleWithoutWay is { } pair)
            facts.Add("", $"from {pair.From} to {pair.To}, say: wecan route {pair.From.Number} {pair.To.Number} --why --class {pair.Class}");
        if (report.Maintained + report.MaintainedLinks > 0)
            facts.Add("maintenance", $"{Maintenance(report)}: wecan maintenance list");
        facts.Add("policy", !report.IsPolicyKnown ? $"version {report.PolicyVersion}, WHICH THIS CONTROLLER DOES NOT READ: routes stay as they are"
            : report.PolicyVersion == 0 ? "the default" : $"version {report.PolicyVersion}");
        return facts.ToString(Screen.Width);
    }

    public static string Nodes(NodesReport report, DateTimeOffset now)
    {
        if (report.Nodes.Count == 0)
            return "The network has no member yet: \"wecan-controller token create\" makes a token that lets one in.";
        var table = new TextTable().Right("number").Left("name").Left("role").Left("region").Left("state").Right("links").Left("software").Right("ends in").Left("addresses");
        foreach (var node in report.Nodes)
        {
            var state = $"{(node.IsConnected ? "connected" : "away")}{(node.IsDraining ? ", drains" : "")}{(node.IsOut ? ", out" : "")}{(node.IsMaintained ? ", maintenance" : "")}";
            table.Row($"{node.Number}", node.Name, node.Role, node.Region, state, node.Links is { } links ? $"{links}" : "-", node.Software, Quantities.Age(node.Expires - now), string.Join(' ', node.Addresses));
        }

        return table.ToString(Screen.Width);
    }

    public static string Links(LinksReport report)
    {
        if (report.Links.Count == 0)
            return "No link is reported.";
        var table = new TextTable().Left("from").Left("to").Left("state").Right("rtt").Right("jitter").Right("loss to").Right("loss from").Right("sent").Right("carries");
        foreach (var link in report.Links)
        {
            table.Row(
                $"{new NodeName(link.From, link.FromName)}", $"{new NodeName(link.To, link.ToName)}", link.State, Time(link.RttMs), Time(link.JitterMs),
                Share(link.LossTo), Share(link.LossFrom), Rate(link.Used), link.Bandwidth > 0 ? Rate(link.Bandwidth) : "-");
        }

        return report.Total == report.Links.Count ? table.ToString(Screen.Width) : $"{table.ToString(Screen.Width)}\n{report.Total - report.Links.Count} more: name a node to see its own.";
    }

    public static string Route(RouteReport report, bool isWhy, DateTimeOffset now)
    {
        var text = new StringBuilder($"From {report.From} to {report.To} for {report.Class}");
        if (report.Without.Count > 0)
            text.Append($", if {string.Join(" and ", report.Without)} {(report.Without.Count == 1 ? "was" : "were")} not there");
        if (report.Version.Length > 0)
            text.Append($", {report.Version}");
        if (report.Since is { } since)
            text.Append($", as it is since {Moment(since, now)}");
        text = new StringBuilder(Fold(text.ToString()));
        text.Append('\n').AppendLine(report.Ways.Count > 0 ? Ways(report.Ways, isWhy) : Fold(string.Join('\n', report.Remarks)));
        if (isWhy && report.Others.Count > 0)
            text.AppendLine("\nNot chosen").AppendLine(Ways(report.Others, isWhy));
        if (isWhy && report.Ways.Count > 0 && report.Remarks.Count > 0)
            text.AppendLine("\nWhat would change it").Append(Fold(string.Join('\n', report.Remarks)));
        return text.ToString().TrimEnd();
    }

    public static string Event(EventEntry happened) => Fold(Plain($"{happened.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {happened.Text}"), indent: 22);

    public static string Audit(AuditReport report)
    {
        if (report.Changes.Count == 0)
            return "Nobody has changed anything yet.";
        var table = new TextTable().Left("when").Left("who").Left("what");
        foreach (var change in report.Changes)
            table.Row($"{change.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", change.Who, change.What);
        return table.ToString(Screen.Width);
    }

    private static string Ways(IReadOnlyList<WayEntry> ways, bool isWhy)
    {
        var table = new TextTable().Right("rank").Right("takes").Left("way");
        if (isWhy)
            table.Left("link by link").Left("why");
        foreach (var way in ways)
        {
            var path = way.Relays.Count == 0 ? "direct" : $"by {string.Join(" and ", way.Relays)}";
            string[] cells = [way.Rank is { } rank ? $"{rank}" : "-", way.CostMs is { } cost ? Time(cost) : "-", path];
            string[] reasons = isWhy ? [string.Join(" + ", way.Hops.Select(hop => hop.CostMs is { } each ? Time(each) : "dead")), way.Why] : [];
            table.Row([.. cells, .. reasons]);
        }

        return table.ToString(Screen.Width);
    }

    private static string WithoutWay(PairsWithoutWay pairs) => pairs.Realtime == pairs.Signal && pairs.Signal == pairs.Bulk
        ? $"for {pairs.Signal} pairs of nodes"
        : $"for pairs of nodes: {pairs.Realtime} for realtime, {pairs.Signal} for signal, {pairs.Bulk} for bulk";

    private static string Maintenance(NetworkReport report) => string.Join(" and ", ((string[])
    [
        report.Maintained > 0 ? Count(report.Maintained, "node") : "",
        report.MaintainedLinks > 0 ? $"{Count(report.MaintainedLinks, "rule")} for links" : "",
    ]).Where(part => part.Length > 0));

    private static string Fold(string text, int indent = 2) => TextFold.Fold(text, Screen.Width, indent);

    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter));

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Moment(DateTimeOffset at, DateTimeOffset now) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({Quantities.Age(now - at)})";

    private static string Time(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms");

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} %");

    private static string Rate(long bitsPerSecond) => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e6:0.0} Mbit/s");
}
