using System.Text;

namespace WeCan.Hosting.Metrics;

/// <summary>Labels of one series, sorted by name and escaped once, as UTF-8: <c>class="signal",peer="17"</c>.</summary>
internal static class LabelSet
{
    public static byte[] Encode(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return [];
        var sorted = tags.ToArray();
        Array.Sort(sorted, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        var text = new StringBuilder();
        foreach (var (key, value) in sorted)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(MetricNames.Clean(key)).Append("=\"");
            Escape(text, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(letter),
            };
        }
    }
}
