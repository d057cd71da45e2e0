namespace WeCan.Hosting.Configuration;

/// <summary>
/// A value of the configuration before anyone has read meaning into it: an object, a list, a text (numbers and truth values
/// too), or an explicit nothing (null in JSON, which stands for "as if not written"). Each knows where it stands.
/// </summary>
internal sealed class ConfigNode(ConfigNodeKind kind, ConfigOrigin origin)
{
    public ConfigNodeKind Kind { get; } = kind;

    public ConfigOrigin Origin { get; } = origin;

    public string Text { get; init; } = "";

    public Dictionary<string, ConfigNode> Members { get; } = new(StringComparer.Ordinal);

    public List<ConfigNode> Items { get; } = [];

    public static ConfigNode EmptyObject() => new(ConfigNodeKind.Object, ConfigOrigin.Default);

    public static ConfigNode OfText(string text, ConfigOrigin origin) => new(ConfigNodeKind.Text, origin) { Text = text };

    /// <summary>What it is, as a message says it.</summary>
    public string Described => Kind switch
    {
        ConfigNodeKind.Object => "an object",
        ConfigNodeKind.List => "a list",
        ConfigNodeKind.Null => "null",
        _ => $"\"{Text}\"",
    };

    /// <summary>Puts <paramref name="over"/> on top of this: objects are merged member by member, anything else is replaced whole.</summary>
    public ConfigNode Overlaid(ConfigNode over)
    {
        if (Kind != ConfigNodeKind.Object || over.Kind != ConfigNodeKind.Object)
            return over;
        var merged = new ConfigNode(ConfigNodeKind.Object, over.Origin.Layer == ConfigLayer.Default ? Origin : over.Origin);
        foreach (var (key, value) in Members)
            merged.Members[key] = value;
        foreach (var (key, value) in over.Members)
            merged.Members[key] = merged.Members.TryGetValue(key, out var under) ? under.Overlaid(value) : value;
        return merged;
    }
}
