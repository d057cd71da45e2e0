using System.Xml.Linq;

namespace WeCan.Architecture.Tests.Protocol;

public sealed class ProtocolPurityTests
{
    [Fact]
    public void The_ban_names_what_a_pure_protocol_must_not_touch() =>
        Findings.AssertNone(
            ProtocolPurity.MissingBans(RepositoryFiles.Read($"{ProtocolLayers.Project}/{ProtocolPurity.BanFile}")),
            $"Put these back into {ProtocolLayers.Project}/{ProtocolPurity.BanFile}: the protocol is handed time, randomness and bytes.");

    [Fact]
    public void The_compiler_enforces_the_ban()
    {
        var project = XDocument.Parse(RepositoryFiles.Read($"{ProtocolLayers.Project}/WeCan.Protocol.csproj"));

        Assert.True(
            Included(project, "PackageReference", "Microsoft.CodeAnalysis.BannedApiAnalyzers") && Included(project, "AdditionalFiles", ProtocolPurity.BanFile),
            $"WeCan.Protocol.csproj must reference Microsoft.CodeAnalysis.BannedApiAnalyzers and name {ProtocolPurity.BanFile} in AdditionalFiles, or nothing enforces the ban.");
    }

    [Fact]
    public void No_code_switches_the_ban_off() =>
        Findings.AssertNone(
            ProtocolPurity.Suppressions(RepositoryFiles.Sources),
            "Remove the suppression: what needs the banned symbol belongs into overlay/runtime, which hands the result to the protocol.");

    [Fact]
    public void No_setting_switches_the_ban_off() =>
        Findings.AssertNone(
            from file in RepositoryFiles.WithExtension(".csproj", ".props", ".targets", ".editorconfig", ".globalconfig", ".ruleset")
            where file.Text.Contains(ProtocolPurity.Rule, StringComparison.Ordinal)
            select file.Path,
            $"Leave {ProtocolPurity.Rule} at its own severity: no configuration may name it.");

    [Fact]
    public void The_protocol_has_a_single_writer() =>
        Findings.AssertNone(
            ProtocolPurity.SharedState(RepositoryFiles.Sources),
            "A lock or shared memory in overlay/protocol is a design error: its loop owns all state, and other threads post commands to the loop.");

    [Theory]
    [InlineData("#pragma warning disable RS0030")]
    [InlineData("#pragma warning disable CA1000, RS0030 // for now")]
    [InlineData("#pragma warning disable")]
    [InlineData("""[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs")] class A;""")]
    public void Sees_a_suppression(string code) => Assert.Single(ProtocolPurity.Suppressions([Protocol(code)]));

    [Theory]
    [InlineData("class A { void B() { lock (this) { } } }")]
    [InlineData("class A { volatile int _b; }")]
    [InlineData("class A { void B() => Interlocked.Increment(ref _b); }")]
    [InlineData("class A { [ThreadStatic] static int _b; }")]
    public void Sees_shared_state(string code) => Assert.Single(ProtocolPurity.SharedState([Protocol(code)]));

    [Theory]
    [InlineData("#pragma warning disable CA1000")]
    [InlineData("#pragma warning restore RS0030")]
    [InlineData("// lock, volatile and Interlocked are not for here")]
    [InlineData("class A { string B => \"lock (volatile)\"; int Unlock() => 0; }")]
    public void Lets_other_text_be(string code)
    {
        Assert.Empty(ProtocolPurity.Suppressions([Protocol(code)]));
        Assert.Empty(ProtocolPurity.SharedState([Protocol(code)]));
    }

    [Fact]
    public void Sees_a_missing_ban()
    {
        var missing = ProtocolPurity.MissingBans(string.Join('\n', ProtocolPurity.Banned.Skip(1).Select(symbol => symbol + "; why")));

        Assert.Equal(ProtocolPurity.Banned[0], Assert.Single(missing));
    }

    private static SourceFile Protocol(string code) => new($"{ProtocolLayers.Project}/Links/A.cs", code);

    private static bool Included(XDocument project, string item, string name) =>
        project.Descendants(item).Any(element => element.Attribute("Include")?.Value.Split(';').Contains(name) == true);
}
