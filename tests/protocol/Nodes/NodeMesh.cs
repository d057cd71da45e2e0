using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>
/// Some nodes and a pipe between them on virtual time. Whatever a node is handed, it is polled dry right after, as the
/// driving contract asks.
/// </summary>
internal sealed class NodeMesh : IDisposable
{
    private readonly PriorityQueue<MeshDatagram, (long, long)> _inFlight = new();
    private readonly List<MeshNode> _nodes = [];
    private readonly byte[] _buffer = new byte[WireLimits.FullDatagram];
    private long _sequence;

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1_000);

    public Duration Delay { get; set; } = Duration.FromMilliseconds(10);

    /// <summary>Sees every datagram as it is sent; what it returns travels on, null does not.</summary>
    public Func<MeshDatagram, MeshDatagram?>? Tap { get; set; }

    /// <summary>Everything that was sent, before <see cref="Tap"/>, while <see cref="IsRecording"/>.</summary>
    public List<MeshDatagram> Recorded { get; } = [];

    public bool IsRecording { get; set; } = true;

    public int InFlightCount => _inFlight.Count;

    public static NetAddress AddressOf(int id) => NetAddress.FromIPv4(0x0A00_0000 + (uint)id, 4600);

    public static NetAddress IPv6Of(int id) => new(0x2001_0DB8_0000_0000, (uint)id, 4600);

    public static P256KeyPair KeyOf(int id) => P256KeyPair.Generate(DeterministicRandom.FromNumber(9_000 + (ulong)id));

    public MeshNode Add(int id, uint epoch = 1, Func<NodeOptions, NodeOptions>? change = null, int? keyOf = null)
    {
        var key = KeyOf(keyOf ?? id);
        var options = new NodeOptions { Id = new((ushort)id), Epoch = new(epoch), Key = key };
        var node = new Node(change?.Invoke(options) ?? options, DeterministicRandom.FromNumber(((ulong)epoch << 32) + (ulong)id));
        var added = new MeshNode(node, key, AddressOf(id));
        _nodes.Add(added);
        return added;
    }

    /// <summary>Ends a node without a word and starts it again at the same address. It knows nobody yet.</summary>
    public MeshNode Restart(MeshNode node, uint epoch, int? keyOf = null)
    {
        node.IsGone = true;
        _nodes.Remove(node);
        node.Dispose();
        return Add(node.Id.Value, epoch, keyOf: keyOf);
    }

    /// <summary>Makes two nodes members of each other's world. Those that dial know the other's address.</summary>
    public void Introduce(MeshNode a, MeshNode b, bool aDials = true, bool bDials = false)
    {
        Assert.True(a.Node.TryAddPeer(Now, b.Id, b.Key.PublicKey, aDials ? b.Address : NetAddress.None));
        Assert.True(b.Node.TryAddPeer(Now, a.Id, a.Key.PublicKey, bDials ? a.Address : NetAddress.None));
    }

    public void RunFor(Duration time) => RunUntil(Now + time, () => false);

    public bool RunUntil(Duration atMost, Func<bool> condition) => RunUntil(Now + atMost, condition);

    public bool RunUntil(MonoTime end, Func<bool> condition)
    {
        foreach (var node in _nodes)
            Drain(node);
        for (var step = 0; step < 5_000_000; step++)
        {
            if (condition())
                return true;
            var next = _inFlight.TryPeek(out _, out var due) ? new MonoTime(due.Item1) : MonoTime.Never;
            foreach (var node in _nodes)
                next = MonoTime.Min(next, node.Node.NextTimeout);
            if (next > end)
            {
                Now = MonoTime.Max(Now, end);
                return false;
            }

            Now = MonoTime.Max(Now, next);
            DeliverDue();
            WakeDue();
        }

        throw new InvalidOperationException($"The nodes did not come to rest at {Now}.");
    }

    /// <summary>Hands a datagram to the node at this address now, whoever it claims to be from, and polls the node.</summary>
    public void Inject(NetAddress from, MeshNode to, ReadOnlySpan<byte> datagram)
    {
        to.Node.HandleDatagram(Now, from, datagram);
        Drain(to);
    }

    /// <summary>What the node sends in reply to a datagram, with nothing of it on the wire.</summary>
    public List<byte[]> Answers(NetAddress from, MeshNode to, ReadOnlySpan<byte> datagram)
    {
        to.Node.HandleDatagram(Now, from, datagram);
        var answers = new List<byte[]>();
        while (to.Node.TryPollTransmit(Now, _buffer, out _, out var length))
            answers.Add(_buffer.AsSpan(0, length).ToArray());
        return answers;
    }

    /// <summary>Polls a node dry, as its host does after every call.</summary>
    public void Drain(MeshNode node)
    {
        while (!node.IsGone && node.Node.TryPollTransmit(Now, _buffer, out var to, out var length))
        {
            node.DatagramsSent++;
            node.BytesSent += length + WireLimits.IPv4Overhead;
            Put(new(Now, node.SourceFor(to), to, _buffer.AsSpan(0, length).ToArray()));
        }

        while (!node.IsGone && node.Node.TryReceive(Now, out var message))
            node.Received.Add(new(message.Flow, message.Class, message.Number, message.Payload.ToArray(), Now, message.Deadline));
        while (!node.IsGone && node.Node.TryPollTransportEvent(out var happened))
            node.TransportEvents.Add(happened);
        while (!node.IsGone && node.Node.TryPollEvent(out var happened))
            node.Events.Add(happened);
    }

    /// <summary>Puts a datagram on the wire as if it were just sent; it is neither recorded nor tapped.</summary>
    public void PutUntapped(MeshDatagram datagram) =>
        _inFlight.Enqueue(datagram, ((Now + Delay).Nanoseconds, _sequence++));

    public void Dispose()
    {
        foreach (var node in _nodes)
            node.Dispose();
    }

    /// <summary>A token that reads "good" and a client's number in one byte is good.</summary>
    internal sealed class Tokens : IClientTokenVerifier
    {
        public static byte[] Good(byte client) => [.. "good"u8, client];

        public bool TryVerify(ReadOnlySpan<byte> token, out ClientGrant grant)
        {
            var isGood = token.Length == 5 && token.StartsWith("good"u8);
            grant = isGood ? new(new(token[4]), 0) : default;
            return isGood;
        }
    }

    private void Put(MeshDatagram datagram)
    {
        if (IsRecording)
            Recorded.Add(datagram);
        if (!datagram.From.IsNone && (Tap is null ? datagram : Tap(datagram)) is { } travelling)
            PutUntapped(travelling);
    }

    private void DeliverDue()
    {
        while (_inFlight.TryPeek(out var datagram, out var due) && due.Item1 <= Now.Nanoseconds)
        {
            _inFlight.Dequeue();
            if (_nodes.Find(node => node.IsAt(datagram.To)) is not { } to)
                continue;
            to.OnWrittenTo(datagram.From, datagram.To);
            Inject(datagram.From, to, datagram.Bytes);
        }
    }

    private void WakeDue()
    {
        foreach (var node in _nodes)
        {
            if (node.Node.NextTimeout > Now)
                continue;
            node.Wakeups++;
            node.Node.HandleTimeout(Now);
            Drain(node);
        }
    }
}
