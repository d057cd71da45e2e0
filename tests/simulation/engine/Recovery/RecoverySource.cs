using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Recovery;

/// <summary>The first node, and the application on it that sends a message every so often once it is told to begin.</summary>
internal sealed class RecoverySource(Node node, RecoveryCase one) : ISimHost, IDisposable
{
    public const int MessageSize = 1_200;

    private readonly Duration _every = Duration.FromSeconds(1) / one.PerSecond;
    private readonly byte[] _message = new byte[MessageSize];
    private readonly List<MonoTime> _sentAt = [];
    private FlowHandle _flow;
    private MonoTime _nextAt = MonoTime.Never;
    private int _left;

    public Node Node => node;

    /// <summary>When each message was sent, on this host's clock.</summary>
    public IReadOnlyList<MonoTime> SentAt => _sentAt;

    public MonoTime NextTimeout => MonoTime.Min(node.NextTimeout, _nextAt);

    /// <summary>Opens the flow and sends so many messages from now on.</summary>
    public void Begin(MonoTime now, NodeId destination, int messages)
    {
        if (node.OpenRealtime(destination, priority: 4, one.Deadline, out _flow) != OpenResult.Opened)
            throw new InvalidOperationException("A node without flows refuses the first one.");
        (_left, _nextAt) = (messages, now);
    }

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        if (node.NextTimeout <= now)
            node.HandleTimeout(now);
        while (_nextAt <= now)
            SendOne(now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length) =>
        node.TryPollTransmit(now, buffer, out to, out length);

    public void Dispose() => node.Dispose();

    private void SendOne(MonoTime now)
    {
        BinaryPrimitives.WriteInt32BigEndian(_message, _sentAt.Count);
        _sentAt.Add(now);
        node.Send(now, _flow, _message, out _);
        _nextAt = --_left > 0 ? _nextAt + _every : MonoTime.Never;
    }
}
