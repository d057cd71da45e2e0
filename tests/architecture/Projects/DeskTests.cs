namespace WeCan.Architecture.Tests.Projects;

/// <summary>The one daemon that knows another's inside does so in one folder (docs/decisions/0028).</summary>
public sealed class DeskTests
{
    private const string Desk = "edge/Dev";

    [Fact]
    public void Only_an_edge_s_desk_knows_the_controller() =>
        Findings.AssertNone(
            Trespasses(RepositoryFiles.Sources),
            $"Only what runs a network on a developer's desk may know the controller: move it to {Desk}, or do without.");

    [Theory]
    [InlineData("edge/Tunnels/A.cs", 1)]
    [InlineData("edge/A.cs", 1)]
    [InlineData("edge/Dev/A.cs", 0)]
    public void Sees_who_trespasses(string path, int findings) => Assert.Equal(findings, Trespasses([new(path, "using WeCan.Controller.Core; class A;")]).Count());

    private static IEnumerable<string> Trespasses(IEnumerable<SourceFile> sources) =>
        from file in sources
        where file.IsIn("edge") && !file.IsIn(Desk) && file.Text.Contains("WeCan.Controller", StringComparison.Ordinal)
        select file.Path;
}
