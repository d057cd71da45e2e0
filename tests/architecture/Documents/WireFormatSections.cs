using System.Text.RegularExpressions;

namespace WeCan.Architecture.Tests.Documents;

/// <summary>Mentions of the wire format's sections, in code and on its own page, and whether the page has them.</summary>
internal static partial class WireFormatSections
{
    public const string Page = "docs/wire-format.md";

    public static IEnumerable<string> Missing(IEnumerable<SourceFile> files, string page)
    {
        var sections = Heading().Matches(page).Select(heading => heading.Groups["number"].Value).ToHashSet(StringComparer.Ordinal);
        return
            from file in files
            from Match mention in (file.Path == Page ? InPage() : InCode()).Matches(file.Text)
            from Capture number in mention.Groups["number"].Captures
            where !sections.Contains(number.Value)
            select $"{file.At(mention.Index)}: section {number.Value}";
    }

    [GeneratedRegex(@"^#{2,6} (?<number>\d+(\.\d+)*)\.? ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heading();

    // "section" names one, "sections" a list; a comment may break the line anywhere between two words.
    [GeneratedRegex(@"wire-format\.md,?[\s/*#]+section(s[\s/*#]+((?<number>\d+(\.\d+)*)(,|,?[\s/*#]+(and|or|to))[\s/*#]+)+|[\s/*#]+)(?<number>\d+(\.\d+)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex InCode();

    // Other documents have sections too: "RFC 9000, section 16" is not ours.
    [GeneratedRegex(@"(?<!RFC \d+,\s)\b[Ss]ection(s\s((?<number>\d+(\.\d+)*)(,|,?\s(and|or|to))\s)+|\s)(?<number>\d+(\.\d+)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex InPage();
}
