using WeCan.Contracts.Inspection;
using WeCan.Hosting.Local;

namespace WeCan.Cli.Auth;

/// <summary>Keys and revocations as text for people.</summary>
internal static class AuthTexts
{
    public static string Keys(AuthKeysReport report)
    {
        if (report.Keys.Count == 0)
            return "There is no key: \"wecan auth key add\" brings one.";
        var table = new TextTable().Left("key").Left("spaces").Left("since").Left("by");
        foreach (var key in report.Keys)
            table.Row(key.Kid, key.Spaces.Count == 0 ? "all" : string.Join(", ", key.Spaces), When(key.At), key.Who);
        return $"{table.ToString(Screen.Width)}\n{Held(report.Version, report.Edges, report.EdgesCurrent)}";
    }

    public static string Revocations(AuthRevocationsReport report)
    {
        if (report.Revocations.Count == 0)
            return "Nothing is revoked.";
        var table = new TextTable().Left("space").Left("what").Left("name").Left("issued until").Left("counts until").Left("since").Left("by");
        foreach (var entry in report.Revocations)
            table.Row(entry.Space, entry.Sub is null ? "token" : "client", entry.Sub ?? entry.Jti ?? "", entry.IssuedUntil is { } issued ? When(issued) : "-", When(entry.Until), When(entry.At), entry.Who);
        var more = report.Total > report.Revocations.Count ? $"\n{report.Total - report.Revocations.Count} more are not shown." : "";
        return $"{table.ToString(Screen.Width)}{more}\n{Held(report.Version, report.Edges, report.EdgesCurrent)}";
    }

    public static string Spaces(SpacesReport report)
    {
        if (report.Spaces.Count == 0)
            return "Nothing was said of any space: all are open at every edge to who has a token.";
        var table = new TextTable().Left("space").Left("regions").Right("edges").Left("since").Left("by");
        foreach (var space in report.Spaces)
            table.Row(space.Name, space.Regions.Count == 0 ? "all" : string.Join(", ", space.Regions), $"{space.Edges}", When(space.At), space.Who);
        return $"{table.ToString(Screen.Width)}\n{Held(report.Version, report.Edges, report.EdgesCurrent)}";
    }

    public static string Change(AuthChangeReport report) => report.Done.Count == 0
        ? $"Nothing changes: it is so already (version {report.Version})."
        : $"{string.Join('\n', report.Done.Select(done => $"{char.ToUpperInvariant(done[0])}{done[1..]}."))}\nThat is version {report.Version}.";

    private static string Held(ulong version, int edges, int current) => $"Version {version}; {current} of {edges} connected edges have it.";

    private static string When(DateTimeOffset at) => $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
