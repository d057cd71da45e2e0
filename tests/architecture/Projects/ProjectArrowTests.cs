namespace WeCan.Architecture.Tests.Projects;

public sealed class ProjectArrowTests
{
    [Fact]
    public void Projects_reference_only_what_their_room_may_know() =>
        Findings.AssertNone(
            ProjectArrows.Violations(RepositoryFiles.WithExtension(".csproj").Select(ProjectFile.Parse)),
            "Remove the reference and move the shared code down to a layer that both may know. "
            + "A new project, or an arrow that the architecture really gained, gets its row in tests/architecture/Projects/ProjectArrows.cs and a decision record.");

    [Fact]
    public void The_table_names_only_rooms_it_has() =>
        Findings.AssertNone(ProjectArrows.UnknownNames(), "Correct the name in tests/architecture/Projects/ProjectArrows.cs.");

    [Fact]
    public void References_stand_in_project_files_only() =>
        Findings.AssertNone(
            from file in RepositoryFiles.WithExtension(".props", ".targets")
            where file.Text.Contains("<ProjectReference", StringComparison.Ordinal)
            select file.Path,
            "Move the ProjectReference into the project files that need it, where the table of allowed arrows is held against it.");

    [Theory]
    [InlineData("overlay/contracts", "overlay/protocol")]
    [InlineData("overlay/contracts", "overlay/hosting")]
    [InlineData("overlay/protocol", "overlay/runtime")]
    [InlineData("overlay/protocol", "overlay/hosting")]
    [InlineData("relay", "edge")]
    [InlineData("edge", "relay")]
    [InlineData("controller", "overlay/protocol")]
    [InlineData("messagebus", "overlay/runtime")]
    [InlineData("edge", "messagebus")]
    [InlineData("tools/cli", "controller")]
    [InlineData("tools/lab/wan", "overlay/protocol")]
    [InlineData("tools/lab", "tests/simulation/engine")]
    [InlineData("tests/simulation/engine", "overlay/runtime")]
    [InlineData("tests/protocol", "overlay/runtime")]
    [InlineData("services/chat", "messagebus")]
    public void Rejects(string from, string to) => Assert.Single(ProjectArrows.Violations([Arrow(from, to)]));

    [Theory]
    [InlineData("overlay/runtime", "overlay/contracts")]
    [InlineData("relay", "overlay/protocol")]
    [InlineData("edge", "messagebus/protocol")]
    [InlineData("tools/bench", "tests/simulation/engine")]
    [InlineData("tests/runtime", "overlay/contracts")]
    public void Allows(string from, string to) => Assert.Empty(ProjectArrows.Violations([Arrow(from, to)]));

    [Fact]
    public void References_are_resolved_against_the_project_s_folder()
    {
        var project = ProjectFile.Parse(new SourceFile(
            "tests/simulation/engine/A.csproj",
            """<Project><ItemGroup><ProjectReference Include="..\..\..\tools/lab/./wan/B.csproj" /></ItemGroup></Project>"""));

        Assert.Equal(["tools/lab/wan/B.csproj"], project.References);
        Assert.Equal("tests/simulation/engine", project.Folder);
    }

    private static ProjectFile Arrow(string from, string to) => new($"{from}/From.csproj", [$"{to}/To.csproj"]);
}
