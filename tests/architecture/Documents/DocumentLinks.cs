using System.Text.RegularExpressions;

namespace WeCan.Architecture.Tests.Documents;

/// <summary>Relative links of Markdown pages, and whether something is there.</summary>
internal static partial class DocumentLinks
{
    /// <summary>Links to nothing; <paramref name="paths"/> are the repository's files.</summary>
    public static IEnumerable<string> Broken(IEnumerable<SourceFile> pages, IReadOnlyCollection<string> paths)
    {
        var places = new HashSet<string>(paths, StringComparer.Ordinal);
        foreach (var path in paths)
        {
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
                places.Add(path[..slash]);
        }

        foreach (var page in pages)
        {
            // Code is cut out at its own length, so that lines keep their numbers.
            var text = Code().Replace(page.Text, match => Blank().Replace(match.Value, " "));
            foreach (var link in Link().Matches(text).Where(link => !IsElsewhere(link.Groups["to"].Value)))
            {
                var target = Resolve(page.Path, link.Groups["to"].Value);
                if (target is null || !places.Contains(target))
                    yield return $"{page.At(link.Index)}: {link.Groups["to"].Value}";
            }
        }
    }

    private static bool IsElsewhere(string target) => target.StartsWith('#') || Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto";

    private static string? Resolve(string page, string target)
    {
        List<string> parts = target.StartsWith('/') ? [] : [.. page.Split('/')[..^1]];
        foreach (var part in Uri.UnescapeDataString(target.Split('#')[0]).Split('/'))
        {
            if (part is "." or "")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else
                return null;
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex(@"\]\(\s*<?(?<to>[^)\s>]+)>?[^)]*\)|^\s{0,3}\[[^\]]+\]:\s+<?(?<to>[^\s>]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?<fence>```+|~~~+).*?^\k<fence>|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Code();

    [GeneratedRegex(@"[^\n]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Blank();
}
