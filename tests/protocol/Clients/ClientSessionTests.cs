using System.Text;
using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>docs/wire-format.md, sections 3.4 and 3.5: clients are no members, and their edge knows them by their token alone.</summary>
public sealed class ClientSessionTests
{
    [Fact]
    public void A_good_token_connects_in_one_round_trip()
    {
        using var access = new Access();
        Assert.True(access.RunUntil(Duration.FromSeconds(1), () => access.Connected && access.EventsOf(NodeEventKind.ClientUp) == 1));
        Assert.Equal(new ClientId(77), access.Client.Client);
        Assert.Equal(3, access.Carried);
        Assert.InRange(access.Elapsed.Milliseconds, 60, 61);
        Assert.InRange(access.Client.Rtt.Milliseconds, 39, 41);
    }

    [Fact]
    public void A_bad_token_gets_no_byte_and_no_memory()
    {
        using var access = new Access(token: "wrong");
        access.RunUntil(Duration.FromSeconds(30), () => false);
        Assert.Equal(ClientSessionState.Connecting, access.Client.State);
        Assert.Equal(0, access.FromEdge);
        Assert.Equal(0, access.Edge.LinkCount);
        Assert.True(access.Edge.Drops[DropReason.TokenRefused] >= 5);
    }

    [Fact]
    public void An_edge_without_clients_says_nothing()
    {
        using var access = new Access(takesClients: false);
        access.RunUntil(Duration.FromSeconds(10), () => false);
        Assert.Equal(0, access.FromEdge);
        Assert.True(access.Edge.Drops[DropReason.HandshakeRefused] > 0);
    }

    [Fact]
    public void An_idle_session_stays_changes_keys_and_follows_the_clients_address()
    {
        using var access = new Access();
        access.RunUntil(Duration.FromSeconds(350), () => false);
        Assert.Equal(ClientSessionState.Connected, access.Client.State);
        Assert.Equal(3u, access.Client.KeyGeneration);
        access.ClientAddress = NetAddress.FromIPv4(0x0A00_0063, 99);
        access.RunUntil(Duration.FromSeconds(30), () => false);
        Assert.Equal(ClientSessionState.Connected, access.Client.State);
        var link = Assert.Single(access.Edge.InspectLinks());
        Assert.Equal(access.ClientAddress, link.Address);
        Assert.Equal(new ClientId(77), link.Client);
        Assert.Equal(NodeId.None, link.Peer);
        Assert.Equal(1, access.EventsOf(NodeEventKind.ClientUp));
    }

    [Fact]
    public void After_a_link_that_stood_the_calling_begins_as_eagerly_as_at_first()
    {
        using var access = new Access { IsCut = true };
        access.RunUntil(Duration.FromSeconds(60), () => false);
        access.IsCut = false;
        Assert.True(access.RunUntil(Duration.FromSeconds(10), () => access.Connected));
        access.IsCut = true;
        Assert.True(access.RunUntil(Duration.FromSeconds(60), () => !access.Connected));
        access.RunUntil(NodeLimits.InitiationRetry / 2, () => false);
        access.IsCut = false;
        Assert.True(access.RunUntil(NodeLimits.InitiationRetry, () => access.Connected));
    }

    [Fact]
    public void Goodbye_from_either_side_frees_the_edge()
    {
        using var access = new Access();
        Assert.True(access.RunUntil(Duration.FromSeconds(1), () => access.EventsOf(NodeEventKind.ClientUp) == 1));
        access.Client.Close();
        access.RunUntil(Duration.FromSeconds(1), () => false);
        Assert.Equal(ClientSessionState.Closed, access.Client.State);
        Assert.Equal(0, access.Edge.LinkCount);
        Assert.Equal(1, access.EventsOf(NodeEventKind.ClientDown));
    }

    /// <summary>It may still stand in a line for the uplink's turns, out of which the end of the rate takes everybody.</summary>
    [Fact]
    public void Who_has_left_an_edge_whose_uplink_has_a_rate_is_gone_once()
    {
        using var access = new Access();
        access.Edge.SetUplinkRate(NodeLimits.LeastUplink);
        Assert.True(access.RunUntil(Duration.FromSeconds(1), () => access.EventsOf(NodeEventKind.ClientUp) == 1));
        access.Client.Close();
        access.RunUntil(Duration.FromSeconds(1), () => false);
        access.Edge.Shutdown();
        access.RunUntil(Duration.FromSeconds(1), () => false);
        Assert.Equal(1, access.EventsOf(NodeEventKind.ClientDown));
    }

    [Fact]
    public void A_copied_initiation_makes_no_client_and_is_forgotten()
    {
        using var access = new Access();
        Assert.True(access.RunUntil(Duration.FromSeconds(1), () => access.EventsOf(NodeEventKind.ClientUp) == 1));
        for (var i = 0; i < 100; i++)
            access.Edge.HandleDatagram(access.Now, NetAddress.FromIPv4(0x0A00_0063, (ushort)(100 + i)), access.FirstFromClient!);
        Assert.Equal(1, access.Edge.LinkCount);
        access.RunUntil(Duration.FromSeconds(15), () => false);
        Assert.Equal(1, access.Edge.LinkCount);
        Assert.Equal(1, access.EventsOf(NodeEventKind.ClientUp));
        Assert.Equal(0, access.EventsOf(NodeEventKind.ClientDown));
    }

    /// <summary>A client and an edge with 20 ms between them, on virtual time.</summary>
    private sealed class Access : IDisposable, IClientTokenVerifier
    {
        private static readonly NetAddress EdgeAddress = NetAddress.FromIPv4(0x0A00_0001, 4_600);
        private static readonly Duration Delay = Duration.FromMilliseconds(20);

        private readonly P256KeyPair _key = P256KeyPair.Generate(DeterministicRandom.FromNumber(1));
        private readonly Queue<(bool ToEdge, MonoTime Due, byte[] Bytes)> _wire = new();
        private readonly List<NodeEventKind> _events = [];
        private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
        private readonly MonoTime _start = MonoTime.FromSeconds(50);

        public Access(string token = "good", bool takesClients = true)
        {
            Now = _start;
            Edge = new Node(
                new NodeOptions { Id = new(1), Epoch = new(1), Key = _key, ClientTokens = takesClients ? this : null },
                DeterministicRandom.FromNumber(2));
            Client = new ClientSession(
                new ClientSessionOptions { EdgeKey = _key.PublicKey, EdgeAddress = EdgeAddress, Token = Encoding.UTF8.GetBytes(token) },
                DeterministicRandom.FromNumber(3));
        }

        public Node Edge { get; }

        public ClientSession Client { get; }

        public MonoTime Now { get; private set; }

        public Duration Elapsed => Now - _start;

        public bool Connected => Client.State == ClientSessionState.Connected;

        public int Carried { get; private set; }

        public bool IsCut { get; set; }

        public int FromEdge { get; private set; }

        public byte[]? FirstFromClient { get; private set; }

        public NetAddress ClientAddress { get; set; } = NetAddress.FromIPv4(0x0A00_0002, 5_000);

        public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant)
        {
            grant = new(new(77), 0);
            return token.SequenceEqual("good"u8);
        }

        public int EventsOf(NodeEventKind kind) => _events.Count(happened => happened == kind);

        public bool RunUntil(Duration time, Func<bool> condition)
        {
            var end = Now + time;
            while (true)
            {
                Poll();
                if (condition())
                    return true;
                var next = MonoTime.Min(Client.GetNextTimeout(Now), Edge.NextTimeout);
                if (_wire.TryPeek(out var first))
                    next = MonoTime.Min(next, first.Due);
                if (next > end)
                    break;
                Now = MonoTime.Max(Now, next);
                Deliver();
                Client.HandleTimeout(Now);
                Edge.HandleTimeout(Now);
            }

            Now = end;
            return false;
        }

        public void Dispose()
        {
            Client.Dispose();
            Edge.Dispose();
            _key.Dispose();
        }

        private void Poll()
        {
            while (Client.TryPollTransmit(Now, _buffer, out _, out var length))
            {
                FirstFromClient ??= _buffer.AsSpan(0, length).ToArray();
                if (!IsCut)
                    _wire.Enqueue((true, Now + Delay, _buffer.AsSpan(0, length).ToArray()));
            }

            while (Edge.TryPollTransmit(Now, _buffer, out var to, out var length))
            {
                FromEdge++;
                if (to == ClientAddress && !IsCut)
                    _wire.Enqueue((false, Now + Delay, _buffer.AsSpan(0, length).ToArray()));
            }

            while (Edge.TryPollEvent(out var happened))
                _events.Add(happened.Kind);
        }

        private void Deliver()
        {
            while (_wire.TryPeek(out var first) && first.Due <= Now)
            {
                _wire.Dequeue();
                Carried++;
                if (first.ToEdge)
                    Edge.HandleDatagram(Now, ClientAddress, first.Bytes);
                else
                    Client.HandleDatagram(Now, EdgeAddress, first.Bytes);
            }
        }
    }
}
