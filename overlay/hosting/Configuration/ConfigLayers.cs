namespace WeCan.Hosting.Configuration;

/// <summary>Names of a key in each layer, and the nodes that the environment and the flags make.</summary>
internal static class ConfigLayers
{
    public const string EnvironmentPrefix = "WECAN_";

    /// <summary>"metrics.listen" is WECAN_METRICS__LISTEN in the environment.</summary>
    public static string VariableOf(string path) =>
        EnvironmentPrefix + path.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>"metrics.drain_time" is --metrics.drain-time as a flag.</summary>
    public static string FlagOf(string path) => "--" + path.Replace('_', '-');

    public static ConfigNode OfEnvironment(IEnumerable<KeyValuePair<string, string>> variables)
    {
        var root = ConfigNode.EmptyObject();
        foreach (var (name, value) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) || name.Length == EnvironmentPrefix.Length)
                continue;
            var keys = name[EnvironmentPrefix.Length..].ToLowerInvariant().Split("__");
            Put(root, keys, ConfigNode.OfText(value, new(ConfigLayer.Environment, name)));
        }

        return root;
    }

    public static ConfigNode OfFlags(IEnumerable<KeyValuePair<string, string>> flags)
    {
        var root = ConfigNode.EmptyObject();
        foreach (var (path, value) in flags)
            Put(root, path.Split('.'), ConfigNode.OfText(value, new(ConfigLayer.Flag, FlagOf(path))));
        return root;
    }

    private static void Put(ConfigNode root, string[] keys, ConfigNode value)
    {
        var at = root;
        foreach (var key in keys.AsSpan()[..^1])
        {
            // A text where others have keys beneath it, as A=1 beside A__B=2, yields: the deeper one says more.
            if (!at.Members.TryGetValue(key, out var next) || next.Kind != ConfigNodeKind.Object)
                at.Members[key] = next = new ConfigNode(ConfigNodeKind.Object, value.Origin);
            at = next;
        }

        if (!at.Members.TryGetValue(keys[^1], out var there) || there.Kind != ConfigNodeKind.Object)
            at.Members[keys[^1]] = value;
    }
}
