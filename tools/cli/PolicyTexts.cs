using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;

namespace WeCan.Cli;

/// <summary>Policies, their versions and differences as text for people. A policy is shown as it can be set again.</summary>
internal static class PolicyTexts
{
    private const string NoDifference = "No difference.";

    public static string Document(JsonElement document) => Write(document, isIndented: true);

    /// <summary>Which version it is, beside the document itself.</summary>
    public static string Heading(PolicyReport report) => report.At is { } at
        ? $"Version {report.Version}, set {When(at)} by {report.Who}{(report.Comment.Length > 0 ? $": {report.Comment}" : "")}"
        : "Version 0: what holds where no policy was set.";

    public static string History(PolicyVersionsReport report)
    {
        if (report.Versions.Count == 0)
            return "No policy was set yet: the default holds, which is version 0.";
        var table = new TextTable().Right("version").Left("when").Left("who").Right("changes").Left("comment");
        foreach (var version in report.Versions)
            table.Row($"{version.Version}", When(version.At), version.Who, version.Changes is { } changes ? $"{changes}" : "-", version.Comment);
        return table.ToString(Screen.Width);
    }

    public static string Difference(PolicyDiffReport report) => report.Changes.Count == 0 ? NoDifference : Changes(report.Changes);

    public static string Set(PolicySetReport report) => report.IsNew
        ? $"{Changes(report.Changes)}\nVersion {report.Version} of the policy holds from now on.{Warnings(report.Warnings)}"
        : $"Nothing changes: version {report.Version} says the same.{Warnings(report.Warnings)}";

    public static string Maintenance(MaintenanceReport report, DateTimeOffset now)
    {
        if (report.Entries.Count == 0)
            return "Nothing is in maintenance.";
        var table = new TextTable().Left("what").Left("name").Right("nodes").Left("until").Right("left");
        foreach (var entry in report.Entries)
            table.Row(entry.What, entry.Name, $"{entry.Nodes}", entry.Until is { } until ? When(until) : "-", entry.Until is { } end ? Quantities.Age(end - now) : "-");
        return table.ToString(Screen.Width);
    }

    public static string Trial(PolicyTrialReport report)
    {
        if (report.Changes.Count == 0)
            return $"{NoDifference} Version {report.Version} says the same.";
        var text = new StringBuilder(Changes(report.Changes)).Append(Warnings(report.Warnings)).Append("\n\n");
        if (report.Pairs == 0)
            return text.Append("No routes are computed yet: what it would do to them cannot be told.").ToString();
        var table = new TextTable().Left("class").Right("pairs").Right("other first way").Right("lose every way").Right("keep one alone").Right("get a way");
        foreach (var service in report.Classes)
            table.Row(service.Class, $"{report.Pairs}", $"{service.Changed}", $"{service.Lost}", $"{service.Alone}", $"{service.Gained}");
        text.Append(table.ToString(Screen.Width));
        if (report.Waiting > 0)
            text.Append("\n\n").Append(TextFold.Fold($"{report.Waiting} more, each class counted, look for another way later, when it shows what the first have made of the links.", Screen.Width, 0));
        if (report.Examples.Count == 0)
            return text.Append("\n\nNo pair would take another way first.").ToString();
        var examples = new TextTable().Left("class").Left("from").Left("to").Left("goes now").Left("would go");
        foreach (var pair in report.Examples)
            examples.Row(pair.Class, $"{pair.From}", $"{pair.To}", Way(pair.Before), Way(pair.After));
        return text.Append("\n\nFor example\n").Append(examples.ToString(Screen.Width)).ToString();
    }

    private static string Warnings(IReadOnlyList<string> warnings) => string.Concat(warnings.Select(warning => $"\nLook again: {warning}"));

    private static string Changes(IReadOnlyList<PolicyChangeEntry> changes) => string.Join('\n', changes.SelectMany(Lines));

    private static IEnumerable<string> Lines(PolicyChangeEntry change)
    {
        if (change.Before is { } before)
            yield return Paint.Red($"- {Place(change)}: {Write(before, isIndented: false)}");
        if (change.After is { } after)
            yield return Paint.Green($"+ {Place(change)}: {Write(after, isIndented: false)}");
    }

    private static string Place(PolicyChangeEntry change) => change.Path.Length > 0 ? change.Path : "all";

    private static string Way(IReadOnlyList<NodeName>? relays) => relays switch
    {
        null => "nowhere",
        { Count: 0 } => "direct",
        _ => $"by {string.Join(" and ", relays)}",
    };

    private static string When(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";

    /// <summary>Letters stay as they are, but for those that control a terminal.</summary>
    private static string Write(JsonElement value, bool isIndented)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            value.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
