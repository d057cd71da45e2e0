using Microsoft.Extensions.Logging.Abstractions;
using WeCan.Contracts;
using WeCan.Edge.Bus;
using WeCan.Edge.Bus.Between;
using WeCan.Edge.Bus.Gateway;
using WeCan.MessageBus.Protocol.Tokens;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;
using WeCan.Runtime;

namespace WeCan.Edge.Tests.Bus.Between;

/// <summary>One node of a <see cref="EdgeWorld"/> in one life after the other: an edge with its whole bus, or a relay.</summary>
internal sealed class WorldEdge(EdgeWorld world, int number, bool isRelay) : IDisposable
{
    private IOverlayHost[] _hosts = [];
    private GatewayTokens? _tokens;
    private uint _epoch;

    public NodeId Id { get; } = new((ushort)number);

    public bool IsRelay { get; } = isRelay;

    public NetAddress Address { get; } = NetAddress.FromIPv4(0x0A00_0000 + (uint)number, 4_610);

    public P256KeyPair Key { get; } = P256KeyPair.Generate(DeterministicRandom.FromNumber(9_000 + (ulong)number));

    public Node? Node { get; private set; }

    public BusCore Core { get; private set; } = null!;

    public BusBetween Between { get; private set; } = null!;

    public MonoTime NextTimeout
    {
        get
        {
            var next = Node!.NextTimeout;
            foreach (var host in _hosts)
                next = MonoTime.Min(next, host.NextTimeout);
            return next;
        }
    }

    /// <summary>A new life, which knows nothing of the one before.</summary>
    public void Start(TransportOptions? transport)
    {
        _epoch++;
        var seed = ((ulong)_epoch << 32) + Id.Value;
        Core = new(seed);
        if (!IsRelay)
        {
            _tokens = new(() => world.Clock, Core.Counters, NullLogger.Instance);
            _tokens.Offer(new([world.TokenKey]));
            Between = new(Core, seed);
            _hosts = [new NativeGateway(Core, _tokens, () => world.Clock, NullLogger.Instance), Between];
        }

        Node = new(new() { Id = Id, Epoch = new(_epoch), Key = Key, ClientTokens = _tokens, Transport = transport ?? TransportOptions.Default }, DeterministicRandom.FromNumber(seed));
    }

    public void Kill()
    {
        Node?.Dispose();
        _tokens?.Dispose();
        (Node, _hosts) = (null, []);
    }

    public void Wake(MonoTime now)
    {
        if (Node!.NextTimeout <= now)
            Node.HandleTimeout(now);
        foreach (var host in _hosts)
        {
            if (host.NextTimeout <= now)
                host.OnTimeout(Node, now);
        }
    }

    /// <summary>As the loop of a daemon hands out what a node has, and sends what it wants sent.</summary>
    public void Poll(MonoTime now, byte[] buffer)
    {
        while (Node!.TryReceive(now, out var message))
        {
            foreach (var host in _hosts)
                host.OnMessage(Node, now, message);
        }

        while (Node.TryPollTransportEvent(out var happened))
        {
            foreach (var host in _hosts)
                host.OnTransportEvent(Node, now, happened);
        }

        while (Node.Clients.TryReceive(now, out var message))
        {
            foreach (var host in _hosts)
                host.OnClientMessage(Node, now, message);
        }

        while (Node.Clients.TryPollEvent(out var happened))
        {
            foreach (var host in _hosts)
                host.OnClientEvent(Node, now, happened);
        }

        while (Node.TryPollEvent(out var happened))
        {
            foreach (var host in _hosts)
                host.OnNodeEvent(Node, now, happened);
        }

        while (Node.TryPollTransmit(now, buffer, out var to, out var length))
            world.Put(Address, to, buffer.AsSpan(0, length));
    }

    public void Dispose()
    {
        Kill();
        Key.Dispose();
    }
}
