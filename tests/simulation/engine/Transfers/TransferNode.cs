using WeCan.Contracts;
using WeCan.Protocol;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Transfers;

/// <summary>
/// A node as it is shipped, at one end of a transfer: it sends Bulk to its peer as fast as the node takes it, from its
/// start on, or only receives, and counts what its application was given.
/// </summary>
internal sealed class TransferNode : ISimHost, IDisposable
{
    private const int MessageBytes = 10 * 1_200;

    private readonly byte[] _message = new byte[MessageBytes];
    private readonly bool _sends;
    private readonly FlowHandle _flow;
    private readonly MonoTime _startAt;
    private bool _isBlocked;

    public TransferNode(SimHostContext context, P256KeyPair own, P256PublicKey peerKey, NodeId self, NodeId peer, NetAddress peerAddress, Duration? startAfter)
    {
        Node = new Node(new() { Id = self, Epoch = context.Epoch, Key = own }, DeterministicRandom.FromNumber(context.Seed));
        _sends = startAfter is not null;
        _startAt = _sends ? context.Now + startAfter!.Value : MonoTime.Never;

        // Who sends calls, when it begins to: a cold start has the handshake in it.
        IsAdded = startAfter is null or { Nanoseconds: 0 };
        (PeerKey, PeerId, PeerAddress) = (peerKey, peer, peerAddress);
        if (IsAdded)
            Node.TryAddPeer(context.Now, peer, peerKey, _sends ? peerAddress : NetAddress.None);
        if (_sends && Node.OpenStream(peer, ServiceClass.Bulk, priority: 0, out _flow) != OpenResult.Opened)
            throw new InvalidOperationException("A fresh node refuses its first flow.");
    }

    public Node Node { get; }

    /// <summary>Bytes of messages that the application has been given.</summary>
    public long ReceivedBytes { get; private set; }

    public MonoTime NextTimeout => IsAdded ? Node.NextTimeout : MonoTime.Min(Node.NextTimeout, _startAt);

    private bool IsAdded { get; set; }

    private P256PublicKey PeerKey { get; }

    private NodeId PeerId { get; }

    private NetAddress PeerAddress { get; }

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => Node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        if (!IsAdded && _startAt <= now)
        {
            IsAdded = true;
            Node.TryAddPeer(now, PeerId, PeerKey, PeerAddress);
        }

        if (Node.NextTimeout <= now)
            Node.HandleTimeout(now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        do
        {
            if (Node.TryPollTransmit(now, buffer, out to, out length))
                return true;
        }
        while (Drain(now));
        return false;
    }

    public void Dispose() => Node.Dispose();

    /// <summary>True when the node may have more to send.</summary>
    private bool Drain(MonoTime now)
    {
        var any = false;
        while (Node.TryReceive(now, out var message))
        {
            ReceivedBytes += message.Payload.Length;
            any = true;
        }

        while (Node.TryPollTransportEvent(out var happened))
        {
            if (happened.Kind == TransportEventKind.FlowWritable)
                _isBlocked = false;
        }

        while (Node.TryPollEvent(out _))
        {
        }

        while (_sends && IsAdded && !_isBlocked)
        {
            _isBlocked = Node.Send(now, _flow, _message, out _) != SendResult.Accepted;
            any = true;
        }

        return any;
    }
}
