namespace WeCan.Architecture.Tests.Projects;

/// <summary>Kestrel is the controller's, whose API needs it: a daemon that named one of its types would load it all (docs/decisions/0049).</summary>
public sealed class WebServerTests
{
    [Fact]
    public void Only_the_controller_has_Kestrel() =>
        Findings.AssertNone(Users(RepositoryFiles.Sources), "Answer through overlay/hosting/Http, or move it to the controller.");

    [Theory]
    [InlineData("overlay/hosting/A.cs", 1)]
    [InlineData("relay/A.cs", 1)]
    [InlineData("edge/A.cs", 1)]
    [InlineData("controller/A.cs", 0)]
    public void Sees_who_uses_it(string path, int findings) => Assert.Equal(findings, Users([new(path, "using Microsoft.AspNetCore.Http; class A;")]).Count());

    private static IEnumerable<string> Users(IEnumerable<SourceFile> sources) =>
        from file in sources
        where (file.IsIn("overlay") || file.IsIn("relay") || file.IsIn("edge")) && file.Text.Contains("Microsoft.AspNetCore", StringComparison.Ordinal)
        select file.Path;
}
