namespace WeCan.Hosting.Configuration;

/// <summary>
/// What a daemon's options are read from: one function that makes the option record out of this is the schema, the binding
/// and the documentation at once. Each call names a key, its kind, what it is when nobody wrote it, and what it is for. A
/// problem is noted and an example of the kind given back, so that one start tells every problem; options made while there
/// were problems are never used. The function is also run on nothing, to learn the keys for --help: it calls for every key
/// on every run, passes the values on, and checks across keys by <see cref="Require"/> only.
/// Keys are written small, with "_" between words, the same in every layer (see <see cref="ConfigLayers"/>).
/// </summary>
public sealed class ConfigReader
{
    private readonly ConfigNode _node;
    private readonly ConfigReading _reading;
    private readonly string _prefix;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly bool _live;

    internal ConfigReader(ConfigNode node, ConfigReading reading, string prefix, bool live)
    {
        (_node, _reading, _prefix, _live) = (node, reading, prefix, live);
    }

    /// <summary>A value that somebody must write.</summary>
    public T Required<T>(string key, ValueKind<T> kind, string about, bool live = false)
    {
        var node = Take(key);
        if (node is null)
        {
            Note(key, kind, about, live, null, value: null, isRequired: true);
            if (!_reading.IsDry)
                _reading.Missing(Path(key), kind.Example, kind.IsBare);
            return kind.ExampleValue;
        }

        return ReadOne(key, node, kind, about, live, kind.ExampleValue, isRequired: true);
    }

    /// <summary>A value that has a default.</summary>
    public T Value<T>(string key, ValueKind<T> kind, T fallback, string about, bool live = false)
    {
        var node = Take(key);
        if (node is not null)
            return ReadOne(key, node, kind, about, live, fallback, isRequired: false);
        Note(key, kind, about, live, null, kind.Format(fallback), isRequired: false);
        return fallback;
    }

    /// <summary>A value that may be absent.</summary>
    public T? Optional<T>(string key, ValueKind<T> kind, string about, bool live = false)
        where T : class
    {
        var node = Take(key);
        if (node is not null)
            return ReadOne(key, node, kind, about, live, kind.ExampleValue, isRequired: false);
        Note(key, kind, about, live, null, value: null, isRequired: false);
        return null;
    }

    /// <summary>The same of a value that is no object.</summary>
    public T? OptionalValue<T>(string key, ValueKind<T> kind, string about, bool live = false)
        where T : struct
    {
        var node = Take(key);
        if (node is not null)
            return ReadOne(key, node, kind, about, live, kind.ExampleValue, isRequired: false);
        Note(key, kind, about, live, null, value: null, isRequired: false);
        return null;
    }

    /// <summary>Whether anything stands at a key: what is absent is not what is written and empty.</summary>
    public bool IsWritten(string key) => _node.Members.TryGetValue(key, out var node) && node.Kind != ConfigNodeKind.Null;

    /// <summary>
    /// A secret that may be absent, from the key itself in the file or the environment, or from a file that KEY_file names
    /// (a credential of systemd, say). It has no flag: flags are for everybody to see in the list of processes.
    /// </summary>
    public Secret? Secret(string key, string about, bool live = false)
    {
        var fileKey = $"{key}_file";
        var path = Optional(fileKey, ValueKinds.Path, $"a file that holds it: {about}", live);
        var node = Take(key);
        if (node is null)
        {
            var secret = path is null || _reading.IsDry ? null : _reading.SecretIn(path, Path(fileKey));
            Note(key, ValueKinds.Secret, about, live, secret is null ? null : new ConfigOrigin(ConfigLayer.File, path!), secret?.ToString(), isRequired: false, secret?.GetHashCode() ?? 0);
            return secret;
        }

        if (path is not null)
            _reading.Problem(node.Origin, Path(key), $"is written although {fileKey} names a file for it: remove one of the two");
        return ReadOne(key, node, ValueKinds.Secret, about, live, ValueKinds.Secret.ExampleValue, isRequired: false);
    }

    /// <summary>A list of values: a list in the file, one text with commas in the environment and in flags.</summary>
    public IReadOnlyList<T> Values<T>(string key, ValueKind<T> kind, string about, bool live = false)
    {
        var items = ItemsOf(key, out var origin);
        var values = new List<T>(items.Count);
        foreach (var item in items)
        {
            var value = kind.ExampleValue;
            if (item.Kind != ConfigNodeKind.Text)
                _reading.Problem(item.Origin, $"{Path(key)}[{values.Count}]", $"is {item.Described}: write {kind.Name}, as in \"{kind.Example}\"");
            else if (kind.TryParse(item.Text, out value) is { } wrong)
                _reading.Problem(item.Origin, $"{Path(key)}[{values.Count}]", $"is {item.Described}: {wrong}");
            values.Add(value);
        }

        var written = _reading.HasProblems ? "[]" : $"[{string.Join(", ", values.Select(value => ConfigText.Of(kind.Format(value), kind.IsBare)))}]";
        _reading.Add(new ConfigEntry(Path(key), about, $"a list, each {kind.Name}", kind.Example, origin)
        {
            Value = written,
            IsBare = true,
            IsList = true,
            IsLive = live || _live,
        });
        return values;
    }

    /// <summary>An object beneath this one. With <paramref name="live"/> all that stands in it can be reloaded.</summary>
    public T Section<T>(string key, Func<ConfigReader, T> read, bool live = false)
    {
        var node = Take(key);
        if (node is not null && node.Kind != ConfigNodeKind.Object)
        {
            _reading.Problem(node.Origin, Path(key), $"is {node.Described}: write an object, \"{key}\": {{ … }}");
            node = null;
        }

        return Read(node ?? ConfigNode.EmptyObject(), Path(key), live || _live, read);
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<T> Sections<T>(string key, Func<ConfigReader, T> read, bool live = false)
    {
        var items = ItemsOf(key, out var origin);
        if (_reading.IsDry)
            Read(ConfigNode.EmptyObject(), $"{Path(key)}[]", live || _live, read);
        var sections = new List<T>(items.Count);
        foreach (var item in items)
        {
            var path = $"{Path(key)}[{sections.Count}]";
            if (item.Kind != ConfigNodeKind.Object)
                _reading.Problem(item.Origin, path, $"is {item.Described}: write an object, {{ … }}");
            else
                sections.Add(Read(item, path, live || _live, read));
        }

        if (origin.Layer != ConfigLayer.Default)
            _reading.CountSections(Path(key), origin, items.Count, live || _live);
        return sections;
    }

    /// <summary>A rule across keys: told only where the keys by themselves are right.</summary>
    /// <param name="holds">Whether it is fulfilled.</param>
    /// <param name="key">The key that is to be changed.</param>
    /// <param name="wrong">What is wrong and what to write instead, as the rest of a sentence that begins with the key.</param>
    public void Require(bool holds, string key, string wrong)
    {
        if (holds || _reading.IsDry || _reading.HasProblems)
            return;
        _reading.Problem(_node.Members.TryGetValue(key, out var node) ? node.Origin : _reading.IsDocument ? _node.Origin : ConfigOrigin.Default, Path(key), wrong);
    }

    internal static T Read<T>(ConfigNode node, ConfigReading reading, string path, bool live, Func<ConfigReader, T> read)
    {
        var reader = new ConfigReader(node, reading, path.Length == 0 ? "" : $"{path}.", live);
        var value = read(reader);
        reading.Unknown(node, reader._prefix, reader._asked);
        return value;
    }

    private T Read<T>(ConfigNode node, string path, bool live, Func<ConfigReader, T> read) => Read(node, _reading, path, live, read);

    private string Path(string key) => _prefix + key;

    /// <summary>What stands at a key; nothing where it is absent or null.</summary>
    private ConfigNode? Take(string key)
    {
        _asked.Add(key);
        return _node.Members.TryGetValue(key, out var node) && node.Kind != ConfigNodeKind.Null ? node : null;
    }

    private T ReadOne<T>(string key, ConfigNode node, ValueKind<T> kind, string about, bool live, T otherwise, bool isRequired)
    {
        var value = otherwise;
        var isWrong = true;
        if (node.Kind != ConfigNodeKind.Text)
            _reading.Problem(node.Origin, Path(key), $"is {node.Described}: write {kind.Name}, as in \"{kind.Example}\"");
        else if (kind.TryParse(node.Text, out value) is { } wrong)
            _reading.Problem(node.Origin, Path(key), $"is {(kind.IsSecret ? "not right" : node.Described)}: {wrong}");
        else
            isWrong = false;
        Note(key, kind, about, live, node.Origin, isWrong ? null : kind.Format(value), isRequired, value?.GetHashCode() ?? 0);
        return isWrong ? otherwise : value;
    }

    private void Note<T>(string key, ValueKind<T> kind, string about, bool live, ConfigOrigin? origin, string? value, bool isRequired, int mark = 0) =>
        _reading.Add(new ConfigEntry(Path(key), about, kind.Name, kind.Example, origin ?? ConfigOrigin.Default)
        {
            Value = value,
            Mark = kind.IsSecret ? mark : 0,
            IsSecret = kind.IsSecret,
            IsBare = kind.IsBare,
            IsSwitch = kind.IsSwitch,
            IsRequired = isRequired,
            IsLive = live || _live,
        });

    private List<ConfigNode> ItemsOf(string key, out ConfigOrigin origin)
    {
        var node = Take(key);
        origin = node?.Origin ?? ConfigOrigin.Default;
        List<ConfigNode> items = [];
        if (node is null)
            return items;
        if (node.Kind == ConfigNodeKind.List)
            items = node.Items;
        else if (node.Kind == ConfigNodeKind.Text && origin.Layer != ConfigLayer.File)
            items = [.. node.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text => ConfigNode.OfText(text, node.Origin))];
        else if (node.Kind == ConfigNodeKind.Object && origin.Layer == ConfigLayer.Environment && node.Members.Keys.All(name => int.TryParse(name, out _)))
            items = [.. node.Members.OrderBy(member => int.Parse(member.Key)).Select(member => member.Value)];
        else
            _reading.Problem(origin, Path(key), $"is {node.Described}: write a list, \"{key}\": [ … ]");
        if (items.Count <= HostingLimits.ConfigListItems)
            return items;
        _reading.Problem(origin, Path(key), $"has {items.Count} entries: write at most {HostingLimits.ConfigListItems}");
        return [];
    }
}
