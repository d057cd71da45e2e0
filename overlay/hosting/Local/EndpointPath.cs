namespace WeCan.Hosting.Local;

/// <summary>Paths of endpoints, which may end with a name in braces.</summary>
public static class EndpointPath
{
    /// <summary>Whether a path is the one that an endpoint was added with.</summary>
    public static bool Matches(string known, string path)
    {
        ArgumentNullException.ThrowIfNull(known);
        ArgumentNullException.ThrowIfNull(path);
        if (!known.EndsWith('}'))
            return known == path;
        var last = known.LastIndexOf('/') + 1;
        return path.Length > last && path.AsSpan(0, last).SequenceEqual(known.AsSpan(0, last)) && !path.AsSpan(last).Contains('/');
    }

    /// <summary>What stands in a path where its endpoint has a name in braces.</summary>
    public static string LastPart(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
