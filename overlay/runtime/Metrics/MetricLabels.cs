namespace WeCan.Runtime.Metrics;

/// <summary>The members of an enumeration as the values of a label: in lower case, with "_" between words.</summary>
internal static class MetricLabels
{
    public static KeyValuePair<string, object?>[] Of<T>(string label)
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => new KeyValuePair<string, object?>(label, Words(name)))];

    private static string Words(string member) =>
        string.Concat(member.Select((letter, index) => char.IsUpper(letter) ? $"{(index > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
