using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Gateway;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Edge.Tests.Bus;

/// <summary>An edge's node with its gateway, and clients on native access, over a network that delays and loses, in virtual time.</summary>
internal sealed class GatewayWires : IDisposable
{
    private static readonly Duration Delay = Duration.FromMilliseconds(20);
    private static readonly NetAddress EdgeAddress = NetAddress.FromEndPoint(IPEndPoint.Parse("192.0.2.1:4610"));

    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DeterministicRandom _random;
    private readonly double _loss;
    private readonly PriorityQueue<(NetAddress From, NetAddress To, byte[] Bytes), (MonoTime At, long Order)> _wire = new();
    private readonly Dictionary<NetAddress, (NativeClient Client, GatewayPlayer Player)> _clients = [];
    private readonly Dictionary<NetAddress, ClientSession> _silent = [];
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly P256KeyPair _key;
    private readonly GatewayTokens _tokens;
    private readonly NativeGateway _gateway;
    private readonly Node _node;
    private long _order;

    public GatewayWires(int seed, double loss)
    {
        Span<byte> bytes = stackalloc byte[DeterministicRandom.SeedBytes];
        bytes.Fill((byte)seed);
        _random = new(bytes);
        _loss = loss;
        _key = P256KeyPair.Generate(_random);
        var core = new BusCore((ulong)seed);
        Counters = core.Counters;
        _tokens = new(() => Clock, core.Counters, NullLogger.Instance);
        _tokens.Offer(new([Key]));
        _gateway = new(core, _tokens, () => Clock, NullLogger.Instance);
        _node = new(new() { Id = new(1), Epoch = new(1), Key = _key, ClientTokens = _tokens }, _random);
    }

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1);

    public UnixTime Clock => new(1_800_000_000 + (long)(Now - MonoTime.FromSeconds(0)).Seconds);

    public BusCounters Counters { get; }

    /// <summary>The key that signs the tokens of those who join.</summary>
    public TokenKey Key => new("k", _signer.ExportParameters(false).Q, []);

    public int Clients => _gateway.Count;

    /// <summary>Something is said of spaces, and the edge is in this region.</summary>
    public void Pin(string region, params Space[] spaces)
    {
        _tokens.Offer(new([Key], null, new(spaces, region)));
        _tokens.Clients.Renew();
    }

    /// <summary>Other keys and revocations count from now on.</summary>
    public void Offer(IEnumerable<TokenKey> keys, params Revocation[] revocations)
    {
        _tokens.Offer(new(keys, new(revocations)));
        _tokens.Clients.Renew();
    }

    public GatewayPlayer Join(string name, Duration? life = null) => Join(TokenOf(name, life));

    /// <summary>A client that makes a link, and knows nothing of the bus.</summary>
    public void JoinSilent(string name)
    {
        var options = new ClientSessionOptions { EdgeKey = _key.PublicKey, EdgeAddress = EdgeAddress, Token = TokenOf(name, life: null) };
        _silent.Add(NetAddress.FromEndPoint(new(IPAddress.Parse("198.51.100.2"), 10_000 + _silent.Count)), new(options, _random));
    }

    public GatewayPlayer Join(byte[] token)
    {
        var player = new GatewayPlayer();
        var options = new ClientSessionOptions { EdgeKey = _key.PublicKey, EdgeAddress = EdgeAddress, Token = token };
        var client = new NativeClient(options, _random, player);
        player.Client = client;
        _clients.Add(NetAddress.FromEndPoint(new(IPAddress.Parse("198.51.100.1"), 10_000 + _clients.Count)), (client, player));
        return player;
    }

    /// <summary>Runs until the condition holds, or for so long; says whether it held.</summary>
    public bool RunUntil(Func<bool> condition, Duration atMost)
    {
        var end = Now + atMost;
        while (!condition())
        {
            Poll();
            var next = NextTime();
            if (next > end)
            {
                Now = end;
                return condition();
            }

            Now = MonoTime.Max(Now, next);
            Step();
        }

        return true;
    }

    public void RunFor(Duration time) => RunUntil(() => false, time);

    public void Dispose()
    {
        foreach (var client in _silent.Values)
            client.Dispose();
        foreach (var (client, _) in _clients.Values)
            client.Dispose();
        _node.Dispose();
        _tokens.Dispose();
        _key.Dispose();
        _signer.Dispose();
    }

    private byte[] TokenOf(string name, Duration? life)
    {
        var token = BusWires.TokenOf(name) with { Issued = Clock, Id = $"token of {name}", Expires = Clock + (life ?? Duration.FromSeconds(3_600)) };
        return Encoding.ASCII.GetBytes(TokenMaker.Make(token, "k", _signer));
    }

    private MonoTime NextTime()
    {
        var next = MonoTime.Min(_node.NextTimeout, _gateway.NextTimeout);
        foreach (var client in _silent.Values)
            next = MonoTime.Min(next, client.GetNextTimeout(Now));
        foreach (var (client, _) in _clients.Values)
            next = MonoTime.Min(next, client.GetNextTimeout(Now));
        return _wire.TryPeek(out _, out var first) ? MonoTime.Min(next, first.At) : next;
    }

    private void Step()
    {
        while (_wire.TryPeek(out var datagram, out var at) && at.At <= Now)
        {
            _wire.Dequeue();
            if (datagram.To == EdgeAddress)
                _node.HandleDatagram(Now, datagram.From, datagram.Bytes);
            else if (_silent.TryGetValue(datagram.To, out var silent))
                silent.HandleDatagram(Now, datagram.From, datagram.Bytes);
            else
                _clients[datagram.To].Client.HandleDatagram(Now, datagram.From, datagram.Bytes);
        }

        if (_node.NextTimeout <= Now)
            _node.HandleTimeout(Now);
        if (_gateway.NextTimeout <= Now)
            _gateway.OnTimeout(_node, Now);
        foreach (var client in _silent.Values)
        {
            if (client.GetNextTimeout(Now) <= Now)
                client.HandleTimeout(Now);
        }

        foreach (var (client, _) in _clients.Values)
        {
            if (client.GetNextTimeout(Now) <= Now)
                client.HandleTimeout(Now);
        }
    }

    private void Poll()
    {
        while (_node.TryPollEvent(out var happened))
            _gateway.OnNodeEvent(_node, Now, happened);
        while (_node.Clients.TryReceive(Now, out var message))
            _gateway.OnClientMessage(_node, Now, message);
        while (_node.Clients.TryPollEvent(out var happened))
            _gateway.OnClientEvent(_node, Now, happened);
        while (_node.TryPollTransmit(Now, _buffer, out var to, out var length))
            Put(EdgeAddress, to, length);
        foreach (var (address, client) in _silent)
        {
            while (client.TryPollTransmit(Now, _buffer, out var to, out var length))
                Put(address, to, length);
            while (client.TryPollEvent(out _))
            {
                // It does not care.
            }
        }

        foreach (var (address, (client, _)) in _clients)
        {
            client.Turn(Now);
            while (client.TryPollTransmit(Now, _buffer, out var to, out var length))
                Put(address, to, length);
        }
    }

    private void Put(NetAddress from, NetAddress to, int length)
    {
        if (_random.NextDouble() >= _loss)
            _wire.Enqueue((from, to, _buffer.AsSpan(0, length).ToArray()), (Now + Delay, _order++));
    }
}
