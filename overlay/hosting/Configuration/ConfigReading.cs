using System.Text;

namespace WeCan.Hosting.Configuration;

/// <summary>What one run of a daemon's reading function found: the entries in the order they were asked for, and what is wrong.</summary>
internal sealed class ConfigReading(bool isDry, string daemon)
{
    /// <summary>WECAN_API and its like are settings of the program wecan: who has set them for that runs daemons' commands too.</summary>
    private static readonly string[] OfTool = ["api", "ca", "token", "token_file"];

    private readonly List<(ConfigNode Node, string Key, string Prefix, string[] Known)> _unknown = [];

    /// <summary>Nothing is read, the function only tells its keys.</summary>
    public bool IsDry { get; } = isDry;

    /// <summary>It has no variables and flags beside it.</summary>
    public bool IsDocument { get; init; }

    public List<ConfigEntry> Entries { get; } = [];

    public List<ConfigProblem> Problems { get; } = [];

    public List<string> Warnings { get; } = [];

    public bool HasProblems => Problems.Count > 0;

    public void Add(ConfigEntry entry) => Entries.Add(entry);

    public void CountSections(string path, ConfigOrigin origin, int count, bool isLive) =>
        Entries.Add(new ConfigEntry(path, "how many there are", "a list", "", origin) { Mark = count, IsLive = isLive, IsList = true });

    public void Problem(ConfigOrigin origin, string path, string wrong)
    {
        var end = wrong.EndsWith('?') ? "" : ".";
        Problems.Add(new(origin.Layer switch
        {
            ConfigLayer.File => $"{origin}: \"{path}\" {wrong}{end}",
            ConfigLayer.Default => $"\"{path}\" {wrong}{end}",
            _ => $"{origin} {wrong}{end}",
        }));
    }

    public void Missing(string path, string example, bool isBare) =>
        Problems.Add(new($"\"{path}\" is missing: write {ConfigText.Of(path.Split('.')[^1], isBare: false)}: {ConfigText.Of(example, isBare)}{(IsDocument ? "" : $" in the configuration file, set {ConfigLayers.VariableOf(path)}, or give {ConfigLayers.FlagOf(path)}")}."));

    /// <summary>Keys that stand in a section and were not asked for; what they may have meant is known when all is read.</summary>
    public void Unknown(ConfigNode node, string prefix, HashSet<string> asked)
    {
        foreach (var (key, value) in node.Members.Where(member => !asked.Contains(member.Key)))
            _unknown.Add((value, key, prefix, [.. asked]));
    }

    /// <summary>
    /// An unknown key of the file is always a problem. A variable is one if it looks like a key with a typing error; others
    /// are only a warning, as the environment belongs to others too (Kubernetes sets WECAN_RELAY_PORT for a service of that name).
    /// </summary>
    public void JudgeUnknown()
    {
        foreach (var (node, key, prefix, known) in _unknown)
        {
            var near = Suggestion.For(key, known);
            var elsewhere = near is null ? Entries.Find(entry => entry.Path.EndsWith($".{key}", StringComparison.Ordinal) && !entry.Path.Contains('['))?.Path : null;
            var meant = near is not null ? prefix + near : elsewhere;
            var origin = Deepest(node);
            if (origin.Layer == ConfigLayer.Environment)
            {
                if (prefix.Length == 0 && OfTool.Contains(key, StringComparer.Ordinal))
                    continue;
                if (meant is not null)
                    Problems.Add(new($"{origin} sets no key that {daemon} has: did you mean {ConfigLayers.VariableOf(meant)}?"));
                else
                    Warnings.Add($"{origin} sets no key that {daemon} has, and is not used.");
                continue;
            }

            Problem(origin, prefix + key, meant is not null
                ? $"is no key that {daemon} has: did you mean \"{meant}\"?"
                : $"is no key that {daemon} has: remove it, the keys here are {string.Join(", ", known.Order(StringComparer.Ordinal))}");
        }

        _unknown.Clear();
    }

    public Secret? SecretIn(string file, string path)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            var bytes = new byte[HostingLimits.SecretFileBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\r', '\n');
            if (length <= HostingLimits.SecretFileBytes && text.Length > 0)
                return new Secret(text);
            Problems.Add(new($"\"{path}\" names {file}, which is {(length == 0 || text.Length == 0 ? "empty: write the secret into it" : "too large for a secret: is it the right file?")}"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Problems.Add(new($"\"{path}\" names {file}, which cannot be read: {failure.Message}"));
        }

        return null;
    }

    // Of a section that only the environment wrote, the variable is named, not the section.
    private static ConfigOrigin Deepest(ConfigNode node)
    {
        while (node.Kind == ConfigNodeKind.Object && node.Origin.Layer == ConfigLayer.Environment && node.Members.Count > 0)
            node = node.Members.Values.First();
        return node.Origin;
    }
}
