using System.Security.Cryptography;
using System.Text;
using WeCan.Contracts;
using WeCan.Contracts.Access;
using WeCan.MessageBus.Protocol.Sessions;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>
/// Edges with their whole bus over real nodes, their clients, and relays where a test wants them, on a network that delays, loses and is cut,
/// in virtual time and from one seed.
/// </summary>
internal sealed class EdgeWorld : IDisposable
{
    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DeterministicRandom _random;
    private readonly PriorityQueue<(NetAddress From, NetAddress To, byte[] Bytes), (MonoTime At, long Order)> _wire = new();
    private readonly Dictionary<NetAddress, WorldEdge> _nodes = [];
    private readonly Dictionary<NetAddress, WorldPlayer> _players = [];
    private readonly Dictionary<(NetAddress, NetAddress), long> _bytes = [];
    private readonly HashSet<(NodeId, NodeId)> _cuts = [];
    private readonly HashSet<NodeId> _removed = [];
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly TransportOptions? _transport;
    private readonly bool _isStar;
    private long _order;
    private ulong _membership = 1;

    /// <param name="seed">All that happens follows from it.</param>
    /// <param name="edges">Numbered from 1.</param>
    /// <param name="isStar">All edges see each other through one relay; else each has a link to each.</param>
    /// <param name="transport">The bounds of the edges' transport.</param>
    public EdgeWorld(int seed, int edges, bool isStar = false, TransportOptions? transport = null)
    {
        (_random, _transport, _isStar) = (DeterministicRandom.FromNumber((ulong)seed), transport, isStar);
        Edges = [.. Enumerable.Range(1, edges).Select(number => new WorldEdge(this, number, isRelay: false))];
        Relay = isStar ? new(this, 1_000, isRelay: true) : null;
        foreach (var node in Relay is null ? Edges : [.. Edges, Relay])
        {
            _nodes.Add(node.Address, node);
            Start(node);
        }

        TellMembership();
    }

    public WorldEdge[] Edges { get; }

    public WorldEdge? Relay { get; }

    public IEnumerable<WorldPlayer> Players => _players.Values;

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1);

    public UnixTime Clock => new(1_800_000_000 + (long)(Now - MonoTime.FromSeconds(0)).Seconds);

    public TokenKey TokenKey => new("k", _signer.ExportParameters(false).Q, []);

    public Duration Delay { get; set; } = Duration.FromMilliseconds(15);

    public double Loss { get; set; }

    public WorldPlayer Join(WorldEdge edge, string name)
    {
        var token = BusWires.TokenOf(name) with { Expires = Clock + Duration.FromSeconds(100_000) };
        var options = new ClientSessionOptions { EdgeKey = edge.Key.PublicKey, EdgeAddress = edge.Address, Token = Encoding.ASCII.GetBytes(TokenMaker.Make(token, "k", _signer)) };
        var player = new WorldPlayer(this, _players.Count);
        player.Client = new NativeClient(options, _random, player);
        _players.Add(NetAddress.FromIPv4(0xC633_6400 + (uint)_players.Count, 5_000), player);
        return player;
    }

    /// <summary>A node begins a life, and knows the members and the ways to them.</summary>
    public void Start(WorldEdge node)
    {
        node.Start(_transport);
        foreach (var other in _nodes.Values.Where(other => other != node && !_removed.Contains(other.Id)))
        {
            Introduce(node, other);
            if (other.Node is not null)
                Introduce(other, node);
        }

        if (node.IsRelay || _removed.Contains(node.Id))
            return;
        node.Node!.TrySetEdgeIndex(0, (byte)node.Id.Value, node.Id);
        node.Between.SetMembership(node.Node, Now, _membership, Members);
    }

    /// <summary>The membership has an edge no more.</summary>
    public void Remove(WorldEdge edge)
    {
        _removed.Add(edge.Id);
        foreach (var other in _nodes.Values.Where(other => other != edge && other.Node is not null))
        {
            other.Node!.TrySetEdgeIndex(0, (byte)edge.Id.Value, NodeId.None);
            other.Node.RemovePeer(Now, edge.Id);
        }

        _membership++;
        TellMembership();
    }

    /// <summary>Nothing passes between two nodes any more, or again.</summary>
    public void Cut(WorldEdge a, WorldEdge b, bool isCut)
    {
        if (isCut)
            _cuts.Add(Pair(a, b));
        else
            _cuts.Remove(Pair(a, b));
    }

    public void HealAll() => _cuts.Clear();

    /// <summary>Bytes that one node has put on its way to another.</summary>
    public long BytesOn(WorldEdge from, WorldEdge to) => _bytes.GetValueOrDefault((from.Address, to.Address));

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

    public void Put(NetAddress from, NetAddress to, ReadOnlySpan<byte> datagram)
    {
        _bytes[(from, to)] = BytesOf(from, to) + datagram.Length;
        if (_nodes.TryGetValue(from, out var a) && _nodes.TryGetValue(to, out var b) && (_cuts.Contains(Pair(a, b)) || _removed.Contains(a.Id) || _removed.Contains(b.Id)))
            return;
        if (_random.NextDouble() >= Loss)
            _wire.Enqueue((from, to, datagram.ToArray()), (Now + Delay, _order++));
    }

    public void Dispose()
    {
        foreach (var player in _players.Values)
            player.Client.Dispose();
        foreach (var node in _nodes.Values)
            node.Dispose();
        _signer.Dispose();
    }

    private NodeId[] Members => [.. Edges.Select(edge => edge.Id).Where(id => !_removed.Contains(id))];

    private void TellMembership()
    {
        foreach (var edge in Edges.Where(edge => edge.Node is not null && !_removed.Contains(edge.Id)))
            edge.Between.SetMembership(edge.Node!, Now, _membership, Members);
    }

    private static (NodeId, NodeId) Pair(WorldEdge a, WorldEdge b) => a.Id.Value < b.Id.Value ? (a.Id, b.Id) : (b.Id, a.Id);

    private long BytesOf(NetAddress from, NetAddress to) => _bytes.GetValueOrDefault((from, to));

    /// <summary>What the membership and the controller tell a node of another.</summary>
    private void Introduce(WorldEdge node, WorldEdge other)
    {
        if (!_isStar || node.IsRelay || other.IsRelay)
            node.Node!.TryAddPeer(Now, other.Id, other.Key.PublicKey, other.Address);
        if (other.IsRelay)
            return;
        node.Node!.TrySetEdgeIndex(0, (byte)other.Id.Value, other.Id);
        if (node.IsRelay)
            return;
        if (_isStar)
        {
            node.Node.TrySetRoute([node.Id, Relay!.Id, other.Id]);
            return;
        }

        node.Node.TrySetRoute([node.Id, other.Id]);
        node.Node.TrySetAlternates(other.Id, [.. Edges.Where(third => third != node && third != other).Take(3).Select(third => new[] { node.Id, third.Id, other.Id })]);
    }

    private MonoTime NextTime()
    {
        var next = _wire.TryPeek(out _, out var first) ? first.At : MonoTime.Never;
        foreach (var node in _nodes.Values)
            next = node.Node is null ? next : MonoTime.Min(next, node.NextTimeout);
        foreach (var player in _players.Values)
            next = MonoTime.Min(next, player.Client.GetNextTimeout(Now));
        return next;
    }

    private void Step()
    {
        while (_wire.TryPeek(out var datagram, out var at) && at.At <= Now)
        {
            _wire.Dequeue();
            if (_nodes.TryGetValue(datagram.To, out var node))
                node.Node?.HandleDatagram(Now, datagram.From, datagram.Bytes);
            else
                _players[datagram.To].Client.HandleDatagram(Now, datagram.From, datagram.Bytes);
        }

        foreach (var node in _nodes.Values)
        {
            if (node.Node is not null)
                node.Wake(Now);
        }

        foreach (var player in _players.Values)
        {
            if (player.Client.GetNextTimeout(Now) <= Now)
                player.Client.HandleTimeout(Now);
        }
    }

    private void Poll()
    {
        foreach (var node in _nodes.Values)
        {
            if (node.Node is not null)
                node.Poll(Now, _buffer);
        }

        foreach (var (address, player) in _players)
        {
            player.Client.Turn(Now);
            while (player.Client.TryPollTransmit(Now, _buffer, out var to, out var length))
                Put(address, to, _buffer.AsSpan(0, length));
        }
    }
}
