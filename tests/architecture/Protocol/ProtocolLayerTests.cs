namespace WeCan.Architecture.Tests.Protocol;

public sealed class ProtocolLayerTests
{
    [Fact]
    public void Layers_know_only_those_beneath() =>
        Findings.AssertNone(
            ProtocolLayers.Violations(RepositoryFiles.Sources),
            "Hand the value in from the layer above, or move the shared type down. "
            + "A new folder, or an arrow that the protocol really gained, gets its row in tests/architecture/Protocol/ProtocolLayers.cs.");

    [Theory]
    [InlineData("Transport", "using WeCan.Protocol.Links;")]
    [InlineData("Transport", "using WeCan.Protocol.Nodes;")]
    [InlineData("Links", "using WeCan.Protocol.Paths;")]
    [InlineData("Links", "global using WeCan.Protocol.Transport;")]
    [InlineData("Links", "using static WeCan.Protocol.Nodes.NodeLimits;")]
    [InlineData("Links", "using Table = WeCan.Protocol.Nodes.PeerTable;")]
    [InlineData("Wire", "using WeCan.Protocol.Crypto;")]
    [InlineData("Crypto", "using WeCan.Protocol.Wire;")]
    [InlineData("Handshakes", "class A { WeCan.Protocol.Links.Link? _link; }")]
    [InlineData("Handshakes", "class A { int B => WeCan.Protocol.Links.LinkLimits.Most; }")]
    [InlineData("Handshakes", "class A { Links.Link? _link; }")]
    [InlineData("Links", "namespace WeCan.Protocol.Nodes;")]
    [InlineData("Extra", "namespace WeCan.Protocol.Extra;")]
    public void Rejects(string folder, string code) =>
        Assert.NotEmpty(ProtocolLayers.Violations([new SourceFile($"{ProtocolLayers.Project}/{folder}/A.cs", code)]));

    [Theory]
    [InlineData("Links/A.cs", "using WeCan.Contracts; using WeCan.Protocol.Wire; namespace WeCan.Protocol.Links; class A { int B => peer.Nodes.Count; }")]
    [InlineData("Paths/A.cs", "using WeCan.Protocol.Nodes; namespace WeCan.Protocol.Paths;")]
    [InlineData("A.cs", "namespace WeCan.Protocol;")]
    public void Allows(string path, string code) => Assert.Empty(ProtocolLayers.Violations([new SourceFile($"{ProtocolLayers.Project}/{path}", code)]));
}
