namespace WeCan.Architecture.Tests.Documents;

public sealed class WireFormatSectionTests
{
    private const string Page = "# The wire format\n\n## 4. Sealed\n\n## 5. Frames\n\n### 5.6 DATA `0x10`\n";

    [Fact]
    public void Sections_that_code_and_the_page_name_exist() =>
        Findings.AssertNone(
            WireFormatSections.Missing(
                RepositoryFiles.WithExtension(".cs", ".c", ".py", ".md").Where(file => !file.IsIn("tests/architecture")),
                RepositoryFiles.Read(WireFormatSections.Page)),
            $"These sections are not headings of {WireFormatSections.Page}: correct the number, or write the section before the code.");

    [Theory]
    [InlineData("/// docs/wire-format.md, section 6.", "6")]
    [InlineData("/// docs/wire-format.md, sections 4, 5.6 and 5.7: more", "5.7")]
    [InlineData("/// docs/wire-format.md, section\n    /// 5.1.", "5.1")]
    [InlineData("// docs/wire-format.md section 7", "7")]
    public void Sees_a_section_that_is_missing(string code, string number) =>
        Assert.EndsWith($": section {number}", Assert.Single(WireFormatSections.Missing([new SourceFile("A.cs", code)], Page)), StringComparison.Ordinal);

    [Theory]
    [InlineData("A.cs", "// docs/wire-format.md, section 5.6. Also docs/wire-format.md, section 5, 12 bytes in all")]
    [InlineData("A.cs", "// docs/wire-format.md, head of the page; RFC 9000, section 16")]
    [InlineData(WireFormatSections.Page, "(RFC 9000, section 16), and RFC 8279,\nsection 6, section 5.6")]
    public void Is_content(string path, string text) => Assert.Empty(WireFormatSections.Missing([new SourceFile(path, text)], Page));

    [Fact]
    public void Holds_the_page_against_itself() => Assert.Single(WireFormatSections.Missing([new SourceFile(WireFormatSections.Page, "see sections 4 to 9")], Page));
}
