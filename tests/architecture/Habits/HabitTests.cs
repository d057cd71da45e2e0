namespace WeCan.Architecture.Tests.Habits;

public sealed class HabitTests
{
    [Fact]
    public void No_test_waits_by_sleeping() =>
        Findings.AssertNone(
            HouseHabits.Sleeps(RepositoryFiles.Sources),
            "Move virtual time, or await the condition itself with a bound (WaitAsync, a channel read, a TaskCompletionSource).");

    [Fact]
    public void Nothing_is_put_off_without_a_record() =>
        Findings.AssertNone(
            HouseHabits.Unrecorded(RepositoryFiles.WithExtension(".cs", ".c", ".h", ".py", ".sh", ".csproj", ".props", ".targets", ".ci/run", ".yml")),
            $"Do it now, or write a half page in {HouseHabits.Decisions} and name it on the same line ({HouseHabits.Decisions}/NNNN).");

    [Fact]
    public void Decision_records_that_are_named_exist() =>
        Findings.AssertNone(
            HouseHabits.MissingRecords(RepositoryFiles.Texts().Where(file => !file.IsIn("tests/architecture")), RepositoryFiles.Paths),
            "Correct the number, or write the record that is meant.");

    [Fact]
    public void No_file_names_a_folder_of_one_machine() =>
        Findings.AssertNone(
            HouseHabits.MachinePaths(RepositoryFiles.Texts()),
            "Write the path relative to the repository, or take it from the environment or an argument.");

    [Theory]
    [InlineData("tests/A.cs", "Thread.Sleep(1);", 1)]
    [InlineData("tests/A.cs", "await System.Threading.Tasks.Task.Delay(1);", 1)]
    [InlineData("tests/A.cs", "run(Task.Delay);", 1)]
    [InlineData("tests/A.cs", "// Task.Delay(1)\nvar link = Link.Delay; var text = \"Thread.Sleep\";", 0)]
    [InlineData("relay/A.cs", "await Task.Delay(1);", 0)]
    public void Sees_a_sleep(string path, string code, int findings) => Assert.Equal(findings, HouseHabits.Sleeps([new SourceFile(path, code)]).Count());

    [Theory]
    [InlineData("A.cs", "// TODO: later", 1)]
    [InlineData("A.cs", "/// <summary>FIXME</summary>\nclass A;", 1)]
    [InlineData("A.cs", "/* a\n HACK */", 1)]
    [InlineData("a.py", "# TODO", 1)]
    [InlineData("A.cs", "// TODO when docs/decisions/0004 changes", 0)]
    [InlineData("A.cs", "var todo = \"TODO\"; // HACKER", 0)]
    public void Sees_what_is_put_off(string path, string text, int findings) => Assert.Equal(findings, HouseHabits.Unrecorded([new SourceFile(path, text)]).Count());

    [Fact]
    public void Sees_a_record_that_is_missing() =>
        Assert.Equal("a.md:2: docs/decisions/0002", Assert.Single(HouseHabits.MissingRecords([new SourceFile("a.md", "docs/decisions/0001\ndocs/decisions/0002")], ["docs/decisions/0001-a.md"])));

    // The first slash stands apart, so that this file does not break the rule itself.
    [Theory]
    [InlineData("", "home/me/wecan", 1)]
    [InlineData("cd ", "root/", 1)]
    [InlineData("\"", "Users/me/x.cs", 1)]
    [InlineData("tools", "work/x", 0)]
    [InlineData("https://example.com", "home/x", 0)]
    [InlineData("..", "work/x", 0)]
    public void Sees_a_machine_s_path(string before, string after, int findings) => Assert.Equal(findings, HouseHabits.MachinePaths([new SourceFile("a.md", $"{before}/{after}")]).Count());
}
