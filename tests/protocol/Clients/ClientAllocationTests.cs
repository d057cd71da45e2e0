using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Tests.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Clients;

/// <summary>What clients cost their edge: nothing for a message in steady state, and a few KiB each while they are idle.</summary>
[Collection(Alone.Name)]
public sealed class ClientAllocationTests : IDisposable
{
    private static readonly NetAddress EdgeAddress = NetAddress.FromIPv4(0x0A00_0001, 4_600);

    private readonly P256KeyPair _key = P256KeyPair.Generate(DeterministicRandom.FromNumber(1));
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private readonly Dictionary<NetAddress, ClientSession> _clients = [];
    private readonly Node _edge;
    private MonoTime _now = MonoTime.FromSeconds(10);

    public ClientAllocationTests() => _edge = new Node(
        new NodeOptions { Id = new(1), Epoch = new(1), Key = _key, ClientTokens = new NodeMesh.Tokens() }, DeterministicRandom.FromNumber(2));

    [Theory]
    [InlineData(ServiceClass.Signal, 16)]
    [InlineData(ServiceClass.Bulk, 5_000)]
    [InlineData(ServiceClass.Realtime, 300)]
    public void AMessageInSteadyStateAllocatesNothing(ServiceClass serviceClass, int length)
    {
        var client = Connect(1);
        var place = new ClientPlace(1);
        FlowHandle up, down;
        if (serviceClass == ServiceClass.Realtime)
        {
            client.OpenRealtime(0, Duration.FromSeconds(1), out up);
            _edge.Clients.OpenRealtime(place, 0, Duration.FromSeconds(1), out down);
        }
        else
        {
            client.OpenStream(serviceClass, 0, out up);
            _edge.Clients.OpenStream(place, serviceClass, 0, out down);
        }

        var message = new byte[length];
        Exchange(1_500);
        var allocated = long.MaxValue;

        // Compiling a method anew allocates on the thread that waits for it; a message that allocates does so every time.
        for (var tries = 0; tries < 4 && allocated != 0; tries++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Exchange(500);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.True(client.Counters.MessagesDelivered >= 2_000 && _edge.Clients.Counters.MessagesDelivered >= 2_000);

        void Exchange(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                if (client.Send(_now, up, message, out _) != SendResult.Accepted || _edge.Clients.Send(_now, down, message, out _) != SendResult.Accepted)
                    throw new InvalidOperationException("The message was not accepted.");
                Turn(Duration.FromMilliseconds(2));
            }
        }
    }

    /// <summary>By difference: sessions and edge are in one process, so an edge without clients' flows is taken from it, and each session's own.</summary>
    [Fact]
    public void AnIdleClientCostsAnEdgeAFewKilobytes()
    {
        const int Clients = 300;
        for (var id = 0; id < Clients; id++)
            Talk(Connect(id));
        for (var second = 0; second < 60; second++)
            Turn(Duration.FromSeconds(1));

        // The sessions are let go first, without a word: what then goes with the edge was the edge's.
        Assert.Equal(Clients, _edge.LinkCount);
        foreach (var client in _clients.Values)
            client.Dispose();
        _clients.Clear();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var place = 1; place <= Clients; place++)
            _edge.Clients.Disconnect(new ClientPlace((ushort)place), CloseReason.GoingAway);
        Turn(Duration.FromMilliseconds(1));
        Assert.Equal(0, _edge.LinkCount);
        var each = (before - GC.GetTotalMemory(forceFullCollection: true)) / Clients;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes for each idle client");
        Assert.InRange(each, 1_000, 8 << 10);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        _edge.Dispose();
        _key.Dispose();
    }

    private ClientSession Connect(int id)
    {
        var options = new ClientSessionOptions { EdgeKey = _key.PublicKey, EdgeAddress = EdgeAddress, Token = NodeMesh.Tokens.Good((byte)id) };
        var client = new ClientSession(options, DeterministicRandom.FromNumber(100 + (ulong)id));
        _clients.Add(NetAddress.FromIPv4(0x0A01_0000 + (uint)id, 5_000), client);
        for (var turn = 0; turn < 10; turn++)
            Turn(Duration.FromMilliseconds(1));
        Assert.Equal(ClientSessionState.Connected, client.State);
        return client;
    }

    /// <summary>One flow each way, and a message on each.</summary>
    private void Talk(ClientSession client)
    {
        client.OpenStream(ServiceClass.Signal, 0, out var up);
        client.Send(_now, up, [1, 2, 3], out _);
        _edge.Clients.OpenStream(new ClientPlace((ushort)_clients.Count), ServiceClass.Signal, 0, out var down);
        _edge.Clients.Send(_now, down, [1, 2, 3], out _);
        for (var turn = 0; turn < 10; turn++)
            Turn(Duration.FromMilliseconds(1));
    }

    /// <summary>All that anybody has to send arrives at once, some time passes, and all is taken that came.</summary>
    private void Turn(Duration time)
    {
        _now += time;
        if (_edge.NextTimeout <= _now)
            _edge.HandleTimeout(_now);
        foreach (var (address, client) in _clients)
        {
            if (client.GetNextTimeout(_now) <= _now)
                client.HandleTimeout(_now);
            while (client.TryPollTransmit(_now, _buffer, out _, out var length))
                _edge.HandleDatagram(_now, address, _buffer.AsSpan(0, length));
        }

        while (_edge.TryPollTransmit(_now, _buffer, out var to, out var length))
        {
            if (_clients.TryGetValue(to, out var client))
                client.HandleDatagram(_now, EdgeAddress, _buffer.AsSpan(0, length));
        }

        while (_edge.TryPollEvent(out _))
        {
        }

        while (_edge.Clients.TryReceive(_now, out _))
        {
        }

        while (_edge.Clients.TryPollEvent(out _))
        {
        }

        foreach (var client in _clients.Values)
        {
            while (client.TryReceive(_now, out _))
            {
            }

            while (client.TryPollEvent(out _))
            {
            }
        }
    }
}
