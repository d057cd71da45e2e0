using WeCan.Architecture.Tests.Habits;

namespace WeCan.Architecture.Tests.Documents;

public sealed class DocumentLinkTests
{
    [Fact]
    public void Links_between_documents_lead_somewhere() =>
        Findings.AssertNone(
            DocumentLinks.Broken(RepositoryFiles.WithExtension(".md"), RepositoryFiles.Paths),
            "These links point to no file of the repository: correct the path (it is relative to the page), or remove the link.");

    [Fact]
    public void Every_decision_record_is_in_the_index()
    {
        const string Index = $"{HouseHabits.Decisions}/README.md";
        var index = RepositoryFiles.Read(Index);

        Findings.AssertNone(
            from path in RepositoryFiles.Paths
            where path.StartsWith(HouseHabits.Decisions + "/", StringComparison.Ordinal) && path != Index && !index.Contains($"]({Path.GetFileName(path)})", StringComparison.Ordinal)
            select path,
            $"Add a line with a link for each to {Index}.");
    }

    [Theory]
    [InlineData("[x](gone.md)", 1)]
    [InlineData("[x](../gone.md \"title\")", 1)]
    [InlineData("[x](../../../README.md)", 1)]
    [InlineData("[x]: gone.md", 1)]
    [InlineData("![x](b.png)", 1)]
    [InlineData("[x](b.md) [y](./b.md#part) [z](../README.md) [v](/docs/b.md) [w](../docs) [u](#here)", 0)]
    [InlineData("[x](https://example.com/gone.md) [y](mailto:a@example.com)", 0)]
    [InlineData("`[x](gone.md)`\n```\n[x](gone.md)\n```\n[y](b.md)", 0)]
    public void Sees_broken_links(string text, int findings) =>
        Assert.Equal(findings, DocumentLinks.Broken([new SourceFile("docs/a.md", text)], ["README.md", "docs/a.md", "docs/b.md"]).Count());

    [Fact]
    public void Tells_the_line() =>
        Assert.Equal("docs/a.md:5: gone.md", Assert.Single(DocumentLinks.Broken([new SourceFile("docs/a.md", "a\n```\nb\n```\n[x](gone.md)")], ["docs/a.md"])));
}
