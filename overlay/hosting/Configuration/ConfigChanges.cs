namespace WeCan.Hosting.Configuration;

/// <summary>What differs between two configurations: keys that a reload applies, and keys that wait for a restart.</summary>
internal sealed record ConfigChanges(IReadOnlyList<string> Applied, IReadOnlyList<string> AwaitRestart)
{
    public bool IsNone => Applied.Count == 0 && AwaitRestart.Count == 0;

    public static ConfigChanges Between(IReadOnlyList<ConfigEntry> before, IReadOnlyList<ConfigEntry> after)
    {
        var old = before.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var applied = new List<string>();
        var awaiting = new List<string>();
        foreach (var entry in after)
        {
            if (!old.Remove(entry.Path, out var was))
                (entry.IsLive ? applied : awaiting).Add($"{entry.Path} is new");
            else if (was.Value != entry.Value || was.Mark != entry.Mark)
                (entry.IsLive ? applied : awaiting).Add(Change(was, entry));
        }

        foreach (var gone in old.Values)
            (gone.IsLive ? applied : awaiting).Add($"{gone.Path} is gone");
        return new(applied, awaiting);
    }

    /// <summary>What is in effect after a reload: live keys as they are now, the others as they were.</summary>
    public static IReadOnlyList<ConfigEntry> Effective(IReadOnlyList<ConfigEntry> before, IReadOnlyList<ConfigEntry> after) =>
        [.. after.Where(entry => entry.IsLive), .. before.Where(entry => !entry.IsLive)];

    /// <summary>The one line that a reload logs.</summary>
    public override string ToString()
    {
        if (IsNone)
            return "nothing has changed";
        var told = new List<string>(2);
        if (Applied.Count > 0)
            told.Add($"applied {string.Join(", ", Applied)}");
        if (AwaitRestart.Count > 0)
            told.Add($"after a restart only {string.Join(", ", AwaitRestart)}");
        return string.Join("; ", told);
    }

    private static string Change(ConfigEntry was, ConfigEntry entry) => entry.IsSecret || was.Value == entry.Value
        ? $"{entry.Path} is another"
        : $"{entry.Path} {was.Value ?? "not set"} -> {entry.Value ?? "not set"}";
}
