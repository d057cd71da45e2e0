namespace WeCan.Hosting.Configuration;

/// <summary>A valid configuration: the options, and what every key came to be.</summary>
internal sealed record LoadedConfig<T>(T Options, IReadOnlyList<ConfigEntry> Entries, IReadOnlyList<string> Warnings, ConfigInputs Inputs)
{
    /// <summary>Whether there was a file.</summary>
    public bool HasFile { get; init; }
}
