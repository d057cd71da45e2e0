namespace WeCan.Hosting.Configuration;

/// <summary>
/// Makes options from a file, the environment and flags, the later over the earlier, by a daemon's reading function. What
/// it returns is valid; what is not is a <see cref="ConfigException"/> with every problem found.
/// </summary>
internal sealed class ConfigLoader<T>(string daemon, Func<ConfigReader, T> read)
{
    /// <summary>The keys that there are, learnt by reading nothing.</summary>
    public IReadOnlyList<ConfigEntry> Keys { get; } = KeysOf(daemon, read);

    public LoadedConfig<T> Load(ConfigInputs inputs)
    {
        var reading = new ConfigReading(isDry: false, daemon);
        var file = JsonConfigFile.Read(inputs.File, inputs.FileMustExist, reading.Problems);
        if (reading.HasProblems)
            throw new ConfigException(reading.Problems);

        var root = (file ?? ConfigNode.EmptyObject())
            .Overlaid(ConfigLayers.OfEnvironment(inputs.Variables))
            .Overlaid(ConfigLayers.OfFlags(inputs.Flags));
        var options = ConfigReader.Read(root, reading, "", live: false, read);
        reading.JudgeUnknown();
        return reading.HasProblems
            ? throw new ConfigException(reading.Problems)
            : new LoadedConfig<T>(options, reading.Entries, reading.Warnings, inputs) { HasFile = file is not null };
    }

    private static List<ConfigEntry> KeysOf(string daemon, Func<ConfigReader, T> read)
    {
        var reading = new ConfigReading(isDry: true, daemon);
        ConfigReader.Read(ConfigNode.EmptyObject(), reading, "", live: false, read);
        if (reading.Entries.GroupBy(entry => entry.Path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidOperationException($"The options of {daemon} read the key {twice.Key} twice.");
        if (reading.Entries.Find(entry => !entry.Path.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || "._[]".Contains(letter))) is { } odd)
            throw new InvalidOperationException($"The options of {daemon} have the key {odd.Path}: keys are written in small letters with \"_\" between words, so that they can be the names of variables and flags.");
        return reading.Entries;
    }
}
