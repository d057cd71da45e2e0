using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;

namespace WeCan.Simulation.Recovery;

/// <summary>The last node, which notes when each message came; a relay is one that nothing comes to.</summary>
internal sealed class RecoverySink(Node node) : ISimHost, IDisposable
{
    private readonly List<(int Index, MonoTime At)> _arrivals = [];

    public Node Node => node;

    /// <summary>Which message came when, on this host's clock.</summary>
    public IReadOnlyList<(int Index, MonoTime At)> Arrivals => _arrivals;

    public MonoTime NextTimeout => node.NextTimeout;

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now) => node.HandleTimeout(now);

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        while (node.TryReceive(now, out var message))
            _arrivals.Add((BinaryPrimitives.ReadInt32BigEndian(message.Payload), now));
        return node.TryPollTransmit(now, buffer, out to, out length);
    }

    public void Dispose() => node.Dispose();
}
