using System.Text;
using System.Text.RegularExpressions;

namespace WeCan.Hosting.Configuration;

/// <summary>
/// The effective configuration as --print-config shows it: a file that could be used as it is, with the origin of each value
/// in a comment. What is not set, and every secret, stands in a comment only.
/// </summary>
internal static partial class ConfigPrinter
{
    public static string Print(IReadOnlyList<ConfigEntry> entries)
    {
        var root = new Branch();
        foreach (var entry in entries.Where(entry => entry.Example.Length > 0))
        {
            var at = root;
            var parts = Part().Matches(entry.Path).Select(part => part.Value).ToArray();
            foreach (var part in parts.AsSpan()[..^1])
                at = at.Child(part);
            at.Leaves.Add((parts[^1], entry));
        }

        var text = new StringBuilder();
        Write(text, root, "");
        return text.ToString();
    }

    private static void Write(StringBuilder text, Branch branch, string indent)
    {
        text.Append(branch.IsList ? "[\n" : "{\n");
        var inner = indent + "  ";
        foreach (var (key, entry) in branch.Leaves)
        {
            if (entry.IsSecret)
                text.Append(inner).Append("// \"").Append(key).Append("\": ").Append(entry.Value is null ? "not set" : $"{entry.Value}, from {entry.Origin}").Append('\n');
            else if (entry.Value is null)
                text.Append(inner).Append("// \"").Append(key).Append("\": not set\n");
            else
                text.Append(inner).Append('"').Append(key).Append("\": ").Append(ConfigText.Of(entry.Value, entry.IsBare)).Append(", // ").Append(entry.Origin).Append('\n');
        }

        foreach (var (key, child) in branch.Children)
        {
            text.Append(inner);
            if (!branch.IsList)
                text.Append('"').Append(key).Append("\": ");
            Write(text, child, inner);
            text.Append(",\n");
        }

        text.Append(indent).Append(branch.IsList ? ']' : '}');
        if (indent.Length == 0)
            text.Append('\n');
    }

    // "tunnels[0].listen" is tunnels, 0, listen.
    [GeneratedRegex(@"[^.\[\]]+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Part();

    private sealed class Branch
    {
        public List<(string Key, ConfigEntry Entry)> Leaves { get; } = [];

        public List<(string Key, Branch Child)> Children { get; } = [];

        public bool IsList => Children.Count > 0 && Leaves.Count == 0 && Children.TrueForAll(child => char.IsAsciiDigit(child.Key[0]));

        public Branch Child(string key)
        {
            var found = Children.Find(child => child.Key == key).Child;
            if (found is null)
                Children.Add((key, found = new Branch()));
            return found;
        }
    }
}
