using System.Text;

namespace WeCan.Hosting.Configuration;

/// <summary>
/// A text in JSON that somebody wrote for a daemon, and that is not the daemon's configuration: read by the same kinds of values, with the
/// same sentences about what is wrong with it, and each says where that stands.
/// </summary>
public static class ConfigDocument
{
    /// <param name="text">The JSON; comments and trailing commas are allowed.</param>
    /// <param name="what">What such a document is called in sentences, one word: "policy".</param>
    /// <param name="read">Makes the value, as a daemon's options are made; what it returns counts only where nothing is wrong.</param>
    /// <param name="value">What was read; default where something is wrong.</param>
    /// <param name="problems">Each a sentence; none where the document is right.</param>
    public static bool TryRead<T>(string text, string what, Func<ConfigReader, T> read, out T? value, out IReadOnlyList<string> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(read);
        value = default;
        var reading = new ConfigReading(isDry: false, $"a {what}") { IsDocument = true };
        if (JsonConfigFile.Parse(what, Encoding.UTF8.GetBytes(text), reading.Problems) is { } root)
        {
            value = ConfigReader.Read(root, reading, "", live: false, read);
            reading.JudgeUnknown();
        }

        problems = [.. reading.Problems.Select(problem => problem.Sentence)];
        value = reading.HasProblems ? default : value;
        return !reading.HasProblems;
    }
}
