using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>Who gets an answer: members and clients with a token, and nobody else a single byte. docs/wire-format.md, section 3.</summary>
public sealed class NodeAdmissionTests
{
    private static readonly NetAddress Elsewhere = NodeMesh.AddressOf(99);

    [Fact]
    public void AnUnknownKeyGetsNoByte()
    {
        using var mesh = new NodeMesh();
        var (stranger, b) = (mesh.Add(1), mesh.Add(2));
        stranger.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);
        mesh.RunFor(Duration.FromSeconds(30));

        Assert.Equal(0, b.DatagramsSent);
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(stranger.DatagramsSent, b.Node.Drops[DropReason.NotAMember]);
        Assert.Equal(stranger.DatagramsSent, b.Node.Drops.Total);
    }

    [Fact]
    public void AMembersKeyWithAnothersNumberGetsNoByte()
    {
        using var mesh = new NodeMesh();
        var b = mesh.Add(2);
        var liar = mesh.Add(3, keyOf: 1);
        Assert.True(b.Node.TryAddPeer(mesh.Now, new(1), liar.Key.PublicKey, NetAddress.None));
        liar.Node.TryAddPeer(mesh.Now, b.Id, b.Key.PublicKey, b.Address);
        mesh.RunFor(Duration.FromSeconds(10));

        Assert.Equal(0, b.DatagramsSent);
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(liar.DatagramsSent, b.Node.Drops[DropReason.NotAMember]);
    }

    [Fact]
    public void WhoDoesNotKnowTheResponderKeyGetsNoByte()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        using var wrong = NodeMesh.KeyOf(3);
        a.Node.TryAddPeer(mesh.Now, b.Id, wrong.PublicKey, b.Address);
        b.Node.TryAddPeer(mesh.Now, a.Id, a.Key.PublicKey, NetAddress.None);
        mesh.RunFor(Duration.FromSeconds(10));

        Assert.Equal(0, b.DatagramsSent);
        Assert.Equal(a.DatagramsSent, b.Node.Drops[DropReason.HandshakeRefused]);
    }

    [Fact]
    public void AnInitiationFromNowOnNeedsACookieAndAMemberGetsInByOne()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        Flood(mesh, b, NodeLimits.HandshakesBeforeLoad);
        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(0.9), () => b.Ups(a.Id) == 1), NodeTraffic.Describe(b));

        Assert.Equal(1, b.Node.Drops[DropReason.CookieDemanded]);
        Assert.Equal(
            [MeshDatagram.NodeInitiation, MeshDatagram.CookieReply, MeshDatagram.NodeInitiation, MeshDatagram.NodeResponse],
            mesh.Recorded.Where(datagram => datagram.IsHandshake).Select(datagram => datagram.Type));
    }

    /// <summary>Those who do not know this node's key cost a hash at the most, and cannot make it ask others for cookies.</summary>
    [Fact]
    public void RubbishIsNoLoad()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        var stranger = mesh.Add(60);
        using var initiator = Initiator(mesh, stranger, stranger, counter: 1);
        var forAnother = Write(initiator);
        for (var i = 0; i < NodeLimits.HandshakesBeforeLoad; i++)
        {
            Assert.Empty(mesh.Answers(Elsewhere, b, forAnother));
            Assert.Empty(mesh.Answers(Elsewhere, b, forAnother[..50]));
        }

        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(0.9), () => b.Ups(a.Id) == 1), NodeTraffic.Describe(b));
        Assert.Equal(0, b.Node.Drops[DropReason.CookieDemanded]);
    }

    /// <summary>Who hears initiations and sends them again costs a hash for each, gets nothing, and cannot make this node ask others for cookies.</summary>
    [Fact]
    public void CopiesOfOldInitiationsAreNoLoadAndGetNoByte()
    {
        const int Copies = 10 * NodeLimits.HandshakesBeforeLoad;
        using var mesh = new NodeMesh();
        var (a, b, c) = (mesh.Add(1), mesh.Add(2), mesh.Add(3));
        mesh.Introduce(a, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(1), () => a.Ups(b.Id) == 1 && b.Ups(a.Id) == 1), NodeTraffic.Describe(b));
        var initiation = mesh.Recorded.First(datagram => datagram.Type == MeshDatagram.NodeInitiation).Bytes.ToArray();
        for (var copy = 0; copy < Copies; copy++)
            Assert.Empty(mesh.Answers(Elsewhere, b, initiation));
        Assert.Equal(Copies, b.Node.Drops[DropReason.HandshakeReplayed]);

        mesh.Introduce(c, b);
        Assert.True(mesh.RunUntil(Duration.FromSeconds(0.9), () => b.Ups(c.Id) == 1), NodeTraffic.Describe(b));
        Assert.Equal(0, b.Node.Drops[DropReason.CookieDemanded]);
        Assert.Equal(1, b.Ups(a.Id));
    }

    [Fact]
    public void UnderLoadStrangersGetCookieRepliesNoLongerThanTheyAsked()
    {
        using var mesh = new NodeMesh();
        var (stranger, b) = (mesh.Add(1), mesh.Add(2));
        Flood(mesh, b, NodeLimits.HandshakesBeforeLoad);
        var memory = b.Node.PacketMemoryInUse;
        using var initiator = Initiator(mesh, stranger, b, counter: 1);
        var initiation = Write(initiator);
        for (var copy = 0; copy < 1_000; copy++)
        {
            var reply = Assert.Single(mesh.Answers(Elsewhere, b, initiation));
            Assert.Equal(MeshDatagram.CookieReply, reply[0]);
            Assert.True(reply.Length <= initiation.Length, $"{reply.Length} bytes for {initiation.Length}.");
        }

        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(memory, b.Node.PacketMemoryInUse);
        Assert.Equal(1_000, b.Node.Drops[DropReason.CookieDemanded]);
    }

    /// <summary>A host that does not get round to sending loses handshakes, counted; memory stays bounded.</summary>
    [Fact]
    public void AnswersThatNobodyTakesAreBoundedAndWhatIsRefusedIsCounted()
    {
        using var mesh = new NodeMesh();
        var (stranger, b) = (mesh.Add(1), mesh.Add(2));
        Flood(mesh, b, NodeLimits.HandshakesBeforeLoad);
        using var initiator = Initiator(mesh, stranger, b, counter: 1);
        var initiation = Write(initiator);
        var before = b.Node.Drops.Total;
        for (var copy = 0; copy < 10 * NodeLimits.MaxOutbox; copy++)
            b.Node.HandleDatagram(mesh.Now, Elsewhere, initiation);

        Assert.Equal(before + (10 * NodeLimits.MaxOutbox), b.Node.Drops.Total);
        Assert.Equal(NodeLimits.MaxOutbox, b.Node.Drops[DropReason.CookieDemanded]);
    }

    [Fact]
    public void AnInitiationThatWaitsForTheTieBreakIsCounted()
    {
        using var mesh = new NodeMesh();
        var (a, b) = (mesh.Add(1), mesh.Add(2));
        mesh.Tap = datagram => datagram.From == a.Address ? null : datagram;
        mesh.Introduce(a, b, aDials: true, bDials: true);
        mesh.RunFor(Duration.FromMilliseconds(50));

        Assert.Equal(1, a.Node.Drops.Total);
        Assert.Equal(1, a.Node.Drops[DropReason.HandshakeCrossed]);
    }

    [Fact]
    public void AClientWithAGoodTokenGetsALink()
    {
        using var mesh = new NodeMesh();
        var b = mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens() });
        using var client = new ClientInitiator(
            b.Key.PublicKey, new(7), 1, 1, NodeMesh.Tokens.Good(5), mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(3));
        var response = Assert.Single(mesh.Answers(Elsewhere, b, Write(client)));

        Assert.True(response.Length <= client.Length);
        Assert.True(client.TryReadResponse(response, out var result));
        using var secrets = result.Secrets;
        Assert.Equal(new ClientId(5), result.Client);
        Assert.Equal(1, b.Node.LinkCount);
        Assert.Empty(b.Events);

        var (seal, open) = secrets.TakeKeys();
        mesh.Inject(Elsewhere, b, Ping(seal, result.PeerLink, 0));
        Assert.Equal(new(NodeEventKind.ClientUp, NodeId.None, new(5), Elsewhere, CloseReason.None) { Place = new(1), Grant = new(new(5), 0) }, Assert.Single(b.Events));
        mesh.RunFor(Duration.FromSeconds(60));
        Assert.Equal(NodeEventKind.ClientDown, b.Events[^1].Kind);
        Assert.Equal(0, b.Node.LinkCount);
        seal.Dispose();
        open.Dispose();
    }

    [Theory]
    [InlineData(false, DropReason.HandshakeRefused)]
    [InlineData(true, DropReason.TokenRefused)]
    public void AClientWithABadTokenOrWhereNoneAreTakenGetsNoByte(bool takesClients, DropReason reason)
    {
        using var mesh = new NodeMesh();
        var b = mesh.Add(2, change: options => options with { ClientTokens = takesClients ? new NodeMesh.Tokens() : null });
        using var client = new ClientInitiator(
            b.Key.PublicKey, new(7), 1, 1, "bad"u8, mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(3));

        Assert.Empty(mesh.Answers(Elsewhere, b, Write(client)));
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Equal(1, b.Node.Drops[reason]);
        Assert.Equal(1, b.Node.Drops.Total);
    }

    [Fact]
    public void ClientsBeyondTheBoundGetNoByte()
    {
        using var mesh = new NodeMesh();
        var b = mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens(), MaxClients = 3 });
        for (var client = 0; client < 5; client++)
            Assert.Equal(client < 3 ? 1 : 0, mesh.Answers(Elsewhere, b, ClientInitiation(mesh, b, (byte)client, nonce: (ulong)client)).Count);

        Assert.Equal(3, b.Node.LinkCount);
        Assert.Equal(2, b.Node.Drops[DropReason.TooManyLinks]);
        mesh.RunFor(NodeLimits.PendingLinkTimeout);
        Assert.Equal(0, b.Node.LinkCount);
        Assert.Single(mesh.Answers(Elsewhere, b, ClientInitiation(mesh, b, 9, nonce: 9)));
    }

    /// <summary>Copies of one initiation take one place: the response may have been lost, or somebody plays a recording.</summary>
    [Fact]
    public void CopiesOfAClientsInitiationGetTheSameAnswerAndOneLink()
    {
        using var mesh = new NodeMesh();
        var b = mesh.Add(2, change: options => options with { ClientTokens = new NodeMesh.Tokens() });
        var initiation = ClientInitiation(mesh, b, 5, nonce: 1);
        var response = Assert.Single(mesh.Answers(Elsewhere, b, initiation));
        for (var copy = 0; copy < 50; copy++)
            Assert.Equal(response, Assert.Single(mesh.Answers(Elsewhere, b, initiation)));

        Assert.Equal(1, b.Node.LinkCount);
    }

    /// <summary>Initiations with right first checks from somebody who is no member, until cookies are asked for.</summary>
    private static void Flood(NodeMesh mesh, MeshNode to, int count)
    {
        var stranger = mesh.Add(60);
        using var initiator = Initiator(mesh, stranger, to, counter: 1);
        var initiation = Write(initiator);
        for (var i = 0; i < count; i++)
            Assert.Empty(mesh.Answers(Elsewhere, to, initiation));
    }

    private static NodeInitiator Initiator(NodeMesh mesh, MeshNode from, MeshNode to, ulong counter) => new(
        new(from.Key, from.Id, from.Node.Options.Epoch), to.Key.PublicKey, new(1234), counter, mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(counter));

    private static byte[] ClientInitiation(NodeMesh mesh, MeshNode to, byte client, ulong nonce)
    {
        using var initiator = new ClientInitiator(
            to.Key.PublicKey, new(7), nonce, 1, NodeMesh.Tokens.Good(client), mesh.Now, HandshakeCapabilities.Default, DeterministicRandom.FromNumber(nonce));
        return Write(initiator);
    }

    private static byte[] Write(NodeInitiator initiator)
    {
        var bytes = new byte[initiator.Length];
        initiator.Write(bytes);
        return bytes;
    }

    private static byte[] Write(ClientInitiator initiator)
    {
        var bytes = new byte[initiator.Length];
        initiator.Write(bytes);
        return bytes;
    }

    private static byte[] Ping(AeadKey seal, LinkId link, ulong number)
    {
        var datagram = new byte[SealedHeader.MinDatagram + 1];
        SealedHeader.Write(datagram, 0, link, number);
        datagram[SealedHeader.Length] = FrameType.Ping;
        seal.Seal(number, datagram.AsSpan(0, SealedHeader.Length), datagram.AsSpan(SealedHeader.Length, 1), datagram.AsSpan(SealedHeader.Length));
        return datagram;
    }
}
