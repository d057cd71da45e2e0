namespace WeCan.Hosting.Configuration;

/// <summary>
/// One key of a configuration as it was read: what it is for, its effective value as one would write it in the file (null
/// where it is not set), and where that came from. The value of a secret is never here.
/// </summary>
internal sealed record ConfigEntry(string Path, string About, string KindName, string Example, ConfigOrigin Origin)
{
    public string? Value { get; init; }

    /// <summary>Of a secret or a list the value is not the whole truth: this differs whenever the value does.</summary>
    public int Mark { get; init; }

    public bool IsSecret { get; init; }

    /// <summary>Numbers, truth values and lists stand in JSON without quotation marks.</summary>
    public bool IsBare { get; init; }

    public bool IsRequired { get; init; }

    public bool IsList { get; init; }

    public bool IsSwitch { get; init; }

    /// <summary>Whether a reload applies a new value; otherwise it takes a restart.</summary>
    public bool IsLive { get; init; }
}
