using System.Xml.Linq;

namespace WeCan.Architecture.Tests.Projects;

/// <summary>A tool that runs a daemon as a process is built with it, and sees no type of it.</summary>
public sealed class ProcessReferenceTests
{
    private static readonly string[] Daemons = ["relay/", "edge/", "controller/"];

    /// <summary>A library that lies in a daemon's folder and is none of its inside.</summary>
    private const string Library = "controller/Routing/Graph/";

    [Fact]
    public void Tools_see_no_daemon_s_inside() =>
        Findings.AssertNone(
            RepositoryFiles.WithExtension(".csproj").Where(file => file.IsIn("tools")).SelectMany(Seen),
            "Write ReferenceOutputAssembly=\"false\" on the reference: a tool runs daemons as an operator does.");

    [Theory]
    [InlineData("<ProjectReference Include=\"../../relay/WeCan.Relay.csproj\" />", 1)]
    [InlineData("<ProjectReference Include=\"../../relay/WeCan.Relay.csproj\" ReferenceOutputAssembly=\"false\" />", 0)]
    [InlineData("<ProjectReference Include=\"../../controller/Routing/Graph/WeCan.Controller.Graph.csproj\" />", 0)]
    [InlineData("<ProjectReference Include=\"../../overlay/contracts/WeCan.Contracts.csproj\" />", 0)]
    public void Sees_who_looks(string reference, int findings) => Assert.Equal(findings, Seen(new("tools/a/A.csproj", $"<Project>{reference}</Project>")).Count());

    private static IEnumerable<string> Seen(SourceFile file) =>
        from reference in XDocument.Parse(file.Text).Descendants("ProjectReference")
        let to = reference.Attribute("Include")!.Value.Replace("../", "", StringComparison.Ordinal)
        where Daemons.Any(daemon => to.StartsWith(daemon, StringComparison.Ordinal)) && !to.StartsWith(Library, StringComparison.Ordinal) && reference.Attribute("ReferenceOutputAssembly")?.Value != "false"
        select $"{file.Path} references {to}";
}
