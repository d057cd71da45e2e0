using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>
/// An edge, its clients, and a bad network between them on virtual time, all of it from one seed. Whatever anybody is handed, he is
/// polled dry right after, as the driving contract asks.
/// </summary>
internal sealed class ClientNet : IDisposable
{
    private static readonly NetAddress EdgeAddress = NetAddress.FromIPv4(0x0A00_0001, 4_600);

    private readonly PriorityQueue<(ClientEnd Client, bool ToEdge, NetAddress Address, byte[] Bytes), (long, long)> _wire = new();
    private readonly P256KeyPair _key = P256KeyPair.Generate(DeterministicRandom.FromNumber(1));
    private readonly List<ClientEnd> _clients = [];
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly DeterministicRandom _random;
    private readonly NodeOptions _options;
    private long _sequence;
    private uint _epoch = 1;

    public ClientNet(ulong seed = 1, Func<NodeOptions, NodeOptions>? change = null)
    {
        _random = DeterministicRandom.FromNumber(seed);
        var options = new NodeOptions { Id = new(1), Epoch = new(1), Key = _key, ClientTokens = new NodeMesh.Tokens() };
        _options = change?.Invoke(options) ?? options;
        Edge = MakeEdge();
    }

    public Node Edge { get; private set; }

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(50);

    /// <summary>Each way, and what is added at random.</summary>
    public Duration Delay { get; set; } = Duration.FromMilliseconds(20);

    public Duration Jitter { get; set; }

    public double Loss { get; set; }

    public double Duplication { get; set; }

    public double Corruption { get; set; }

    /// <summary>What the edge's host got from clients.</summary>
    public List<MeshMessage> Received { get; } = [];

    public List<TransportEvent> Events { get; } = [];

    /// <summary>The clients' coming and going, and how many messages had come when each was told.</summary>
    public List<(NodeEvent Event, int Messages)> Told { get; } = [];

    /// <summary>Others at whose addresses datagrams arrive, at once.</summary>
    public Dictionary<NetAddress, Action<byte[]>> Liars { get; } = [];

    public P256PublicKey EdgeKey => _key.PublicKey;

    /// <summary>The edge's host does not take what clients send.</summary>
    public bool HostSleeps { get; set; }

    public ClientEnd Add(int id, Duration ahead = default, Func<ClientSessionOptions, ClientSessionOptions>? change = null)
    {
        var options = new ClientSessionOptions { EdgeKey = _key.PublicKey, EdgeAddress = EdgeAddress, Token = NodeMesh.Tokens.Good((byte)id) };
        var client = new ClientEnd(id, new ClientSession(change?.Invoke(options) ?? options, DeterministicRandom.FromNumber(100 + (ulong)id))) { Ahead = ahead };
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that stands connected, and where.</summary>
    public ClientEnd AddConnected(int id, out ClientPlace place, Duration ahead = default)
    {
        var client = Add(id, ahead);
        Assert.True(RunUntil(Duration.FromSeconds(60), () => PlaceOf(client) != ClientPlace.None));
        place = PlaceOf(client);
        return client;
    }

    /// <summary>Where the edge has the client now; none if it has not.</summary>
    public ClientPlace PlaceOf(ClientEnd client)
    {
        var last = Told.FindLast(told => told.Event.Client.Value == (ulong)client.Id).Event;
        return last.Kind == NodeEventKind.ClientUp && client.IsConnected ? last.Place : ClientPlace.None;
    }

    /// <summary>Hands the edge a datagram from anywhere, and polls it.</summary>
    public void Tell(NetAddress from, ReadOnlySpan<byte> datagram)
    {
        Edge.HandleDatagram(Now, from, datagram);
        PollEdge();
    }

    public int Count(NodeEventKind kind) => Told.Count(told => told.Event.Kind == kind);

    /// <summary>The edge's program dies without a word, and starts again.</summary>
    public void RestartEdge()
    {
        Edge.Dispose();
        _epoch++;
        Edge = MakeEdge();
        Told.Clear();
    }

    public void RunFor(Duration time) => RunUntil(time, () => false);

    public bool RunUntil(Duration atMost, Func<bool> condition)
    {
        var end = Now + atMost;
        PollAll();
        for (var step = 0; step < 20_000_000; step++)
        {
            if (condition())
                return true;
            var next = Edge.NextTimeout;
            foreach (var client in _clients)
                next = MonoTime.Min(next, client.Session.GetNextTimeout(client.At(Now)) is { IsNever: false } due ? due - client.Ahead : MonoTime.Never);
            if (_wire.TryPeek(out _, out var first))
                next = MonoTime.Min(next, new MonoTime(first.Item1));
            if (next > end)
            {
                Now = end;
                return false;
            }

            Now = MonoTime.Max(Now, next);
            Deliver();
            Wake();
        }

        throw new InvalidOperationException($"The edge and its clients did not come to rest at {Now}.");
    }

    /// <summary>Everybody is polled: for after what a test has done to them.</summary>
    public void PollAll()
    {
        PollEdge();
        foreach (var client in _clients)
            Poll(client);
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        Edge.Dispose();
        _key.Dispose();
    }

    private Node MakeEdge() => new(_options with { Epoch = new(_epoch) }, DeterministicRandom.FromNumber(2 + _epoch));

    private void Wake()
    {
        if (Edge.NextTimeout <= Now)
            Edge.HandleTimeout(Now);
        PollEdge();
        foreach (var client in _clients)
        {
            if (client.Session.GetNextTimeout(client.At(Now)) > client.At(Now))
                continue;
            client.Session.HandleTimeout(client.At(Now));
            Poll(client);
        }
    }

    private void Deliver()
    {
        while (_wire.TryPeek(out var datagram, out var due) && due.Item1 <= Now.Nanoseconds)
        {
            _wire.Dequeue();
            var client = datagram.Client;
            if (datagram.ToEdge)
            {
                Edge.HandleDatagram(Now, datagram.Address, datagram.Bytes);
                PollEdge();
            }
            else if (datagram.Address == client.Address && !client.IsCut)
            {
                client.Session.HandleDatagram(client.At(Now), EdgeAddress, datagram.Bytes);
                Poll(client);
            }
        }
    }

    private void PollEdge()
    {
        while (Edge.TryPollTransmit(Now, _buffer, out var to, out var length))
        {
            if (_clients.Find(client => client.Address == to) is { } client)
                Put(client, toEdge: false, to, length);
            else if (Liars.TryGetValue(to, out var hear))
                hear(_buffer.AsSpan(0, length).ToArray());
        }

        if (!HostSleeps)
        {
            while (Edge.Clients.TryReceive(Now, out var message))
                Received.Add(new(message.Flow, message.Class, message.Number, message.Payload.ToArray(), Now, message.Deadline));
        }

        while (Edge.Clients.TryPollEvent(out var happened))
            Events.Add(happened);
        while (Edge.TryPollEvent(out var happened))
            Told.Add((happened, Received.Count));
    }

    private void Poll(ClientEnd client)
    {
        while (client.Session.TryPollTransmit(client.At(Now), _buffer, out _, out var length))
            Put(client, toEdge: true, client.Address, length);
        client.Drain(Now);
        while (client.Session.TryPollTransmit(client.At(Now), _buffer, out _, out var length))
            Put(client, toEdge: true, client.Address, length);
    }

    private void Put(ClientEnd client, bool toEdge, NetAddress address, int length)
    {
        if (client.IsCut || _random.NextDouble() < Loss)
            return;
        for (var copies = _random.NextDouble() < Duplication ? 2 : 1; copies > 0; copies--)
        {
            var bytes = _buffer.AsSpan(0, length).ToArray();
            if (_random.NextDouble() < Corruption)
                bytes[_random.NextUInt32() % (uint)length] ^= (byte)(1 + (_random.NextUInt32() % 255));
            _wire.Enqueue((client, toEdge, address, bytes), ((Now + Delay + (Jitter * _random.NextDouble())).Nanoseconds, _sequence++));
        }
    }
}
