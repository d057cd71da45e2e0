using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WeCan.Architecture.Tests.Habits;

/// <summary>Habits that a text can be held to: nothing waits by sleeping, nothing is left for later unrecorded, nothing names one machine's folders.</summary>
internal static partial class HouseHabits
{
    public const string Decisions = "docs/decisions";

    /// <summary>Calls in tests that wait for time to pass.</summary>
    public static IEnumerable<string> Sleeps(IEnumerable<SourceFile> sources) =>
        from file in sources
        where file.IsIn("tests")
        from access in file.Nodes<MemberAccessExpressionSyntax>()
        let call = $"{access.Expression.ToString().Split('.')[^1]}.{access.Name.Identifier.Text}"
        where call is "Thread.Sleep" or "Task.Delay"
        select $"{file.At(access)}: {call}";

    /// <summary>Comments that put something off without naming the record that says why.</summary>
    public static IEnumerable<string> Unrecorded(IEnumerable<SourceFile> files) =>
        from file in files
        from line in file.Path.EndsWith(".cs", StringComparison.Ordinal) ? CommentLines(file) : Lines(file)
        where PutOff().IsMatch(line.Text) && !Record().IsMatch(line.Text)
        select $"{line.Where}: {line.Text.Trim()}";

    /// <summary>Mentions of decision records that are not among <paramref name="paths"/>.</summary>
    public static IEnumerable<string> MissingRecords(IEnumerable<SourceFile> files, IReadOnlyCollection<string> paths) =>
        from file in files
        from line in Lines(file)
        from Match mention in Record().Matches(line.Text)
        where !paths.Any(path => path.StartsWith(mention.Value, StringComparison.Ordinal))
        select $"{line.Where}: {mention.Value}";

    /// <summary>Folders that exist on somebody's machine only.</summary>
    public static IEnumerable<string> MachinePaths(IEnumerable<SourceFile> files) =>
        from file in files
        from line in Lines(file)
        where MachinePath().IsMatch(line.Text)
        select $"{line.Where}: {line.Text.Trim()}";

    private static IEnumerable<(string Text, string Where)> Lines(SourceFile file) =>
        file.Text.Split('\n').Select((line, index) => (line, $"{file.Path}:{index + 1}"));

    private static IEnumerable<(string Text, string Where)> CommentLines(SourceFile file) =>
        from comment in file.Comments()
        from line in comment.ToFullString().Split('\n')
        select (line, file.At(comment.SpanStart));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex PutOff();

    [GeneratedRegex(@"docs/decisions/\d{4}", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Record();

    [GeneratedRegex(@"(?<![\w.~}-])/(home|root|work|Users)/", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex MachinePath();
}
