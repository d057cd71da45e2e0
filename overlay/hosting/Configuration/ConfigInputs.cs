namespace WeCan.Hosting.Configuration;

/// <summary>Everything that a configuration is made from. A reload uses the same inputs and finds another file.</summary>
internal sealed record ConfigInputs(string File, bool FileMustExist)
{
    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; } = [];

    /// <summary>By path.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Flags { get; init; } = [];
}
