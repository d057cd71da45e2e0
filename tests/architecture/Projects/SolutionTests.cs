using System.Text.RegularExpressions;

namespace WeCan.Architecture.Tests.Projects;

public sealed partial class SolutionTests
{
    [Fact]
    public void Every_project_on_disk_is_in_the_solution() =>
        Findings.AssertNone(
            RepositoryFiles.Paths.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).Except(InSolution(), StringComparer.Ordinal),
            "A project outside the solution is neither built nor tested: run `dotnet sln WeCan.sln add` for each.");

    [Fact]
    public void Every_project_in_the_solution_is_on_disk() =>
        Findings.AssertNone(
            InSolution().Except(RepositoryFiles.Paths, StringComparer.Ordinal),
            "The solution names a project that is not there: run `dotnet sln WeCan.sln remove` for each.");

    private static List<string> InSolution() =>
        [.. ProjectLine().Matches(RepositoryFiles.Read("WeCan.sln")).Select(match => match.Groups["path"].Value.Replace('\\', '/'))];

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "(?<path>[^"]+\.csproj)",""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ProjectLine();
}
