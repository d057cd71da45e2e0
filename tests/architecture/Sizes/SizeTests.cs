namespace WeCan.Architecture.Tests.Sizes;

public sealed class SizeTests
{
    [Fact]
    public void Files_and_functions_stay_small() =>
        Findings.AssertNone(
            SizeRatchet.Violations([.. RepositoryFiles.Sources.SelectMany(CodeSizes.Measure)], RepositoryFiles.Read(SizeRatchet.FileName)),
            $"Files have up to {CodeSizes.MostInFile} lines and functions up to {CodeSizes.MostInFunction}; the exceptions in {SizeRatchet.FileName} may only shrink.");

    [Theory]
    [InlineData(61, "", "holds two ideas")]
    [InlineData(61, "A.cs A.B 60", "only shrink")]
    [InlineData(61, "A.cs A.B 62", "from 62 to 61")]
    [InlineData(60, "A.cs A.B 61", "remove its line")]
    [InlineData(60, "A.cs A.C 61", "there is no A.cs A.C")]
    [InlineData(60, "A.cs A.B many", "is not a path")]
    [InlineData(61, "A.cs A.B 61\nA.cs A.B 61", "each only once")]
    public void The_ratchet_complains(int lines, string ratchet, string about) =>
        Assert.Contains(about, Assert.Single(SizeRatchet.Violations([new SizeEntry("A.cs", "A.B", lines)], ratchet)), StringComparison.Ordinal);

    [Theory]
    [InlineData(60, "")]
    [InlineData(61, "# why\n\nA.cs A.B 61\n")]
    public void The_ratchet_is_content(int lines, string ratchet) => Assert.Empty(SizeRatchet.Violations([new SizeEntry("A.cs", "A.B", lines)], ratchet));

    [Fact]
    public void A_file_has_a_limit_of_its_own()
    {
        Assert.Empty(SizeRatchet.Violations([new SizeEntry("A.cs", null, CodeSizes.MostInFile)], ""));
        Assert.Single(SizeRatchet.Violations([new SizeEntry("A.cs", null, CodeSizes.MostInFile + 1)], ""));
    }

    [Fact]
    public void Braces_in_text_and_attributes_do_not_confuse_the_measure()
    {
        const string Code = """""
            namespace N;
            internal sealed class A
            {
                // } not a brace
                public string B(int c)
                {
                    var d = '}';
                    var e = $"{c}}}";
                    return $$"""
                        } {{c}} {
                        """ + d + e;
                }

                public void B() => Local();
                public int P { get; set; }
                public int Q
                {
                    get
                    {
                        return 1;
                    }
                }

                public A()
                {
                }
            }
            """"";
        var sizes = CodeSizes.Measure(new SourceFile("A.cs", Code)).ToDictionary(entry => entry.Function ?? "", entry => entry.Lines, StringComparer.Ordinal);

        Assert.Equal(27, sizes[""]);
        Assert.Equal(8, sizes["A.B"]);
        Assert.Equal(4, sizes["A.Q.get"]);
        Assert.Equal(1, sizes["A.P.set"]);
        Assert.Equal(3, sizes["A.constructor"]);
    }

    [Fact]
    public void A_program_s_statements_are_a_function()
    {
        var sizes = CodeSizes.Measure(new SourceFile("Program.cs", "var a = 1;\nreturn B(\n    a);\nstatic int B(int b)\n{\n    return b;\n}\n")).ToList();

        Assert.Contains(new SizeEntry("Program.cs", "top-level", 3), sizes);
        Assert.Contains(new SizeEntry("Program.cs", "top-level.B", 4), sizes);
    }
}
