using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>
/// Transport layers on one bad pipe and one virtual clock. Node <i>i</i> has the number i + 1. With a stride, the nodes are
/// edges too, and stand so far apart in the edge index: a packet for a set of edges reaches each of them, or not, by itself.
/// </summary>
internal sealed class TransportNet
{
    private readonly byte[] _buffer = new byte[TransportLimits.MaxTransmit];
    private readonly TransportOptions _options;
    private readonly int _stride;
    private readonly P256KeyPair[] _keys;
    private readonly SealingLayer?[] _sealings;
    private readonly HashSet<(int Node, int Other)> _required = [];
    private readonly (ulong Rekey, ulong Refuse) _sealingBounds;
    private uint _epochs = 100;

    public TransportNet(
        ulong seed, int nodes = 2, TransportOptions? options = null, int stride = 0, bool isSealed = false, (ulong Rekey, ulong Refuse)? sealingBounds = null)
    {
        _sealingBounds = sealingBounds ?? (SealingLimits.RekeyAfterPackets, SealingLimits.RefuseAfterPackets);
        var keys = DeterministicRandom.FromNumber(seed);
        _keys = [.. Enumerable.Range(0, isSealed ? nodes : 0).Select(_ => P256KeyPair.Generate(keys))];
        _sealings = new SealingLayer?[nodes];
        Random = new SimRandom(seed);
        Pipe = new BadPipe(Random);
        _options = options ?? TransportOptions.Default;
        _stride = stride;
        Layers = new TransportLayer[nodes];
        Epochs = new BootEpoch[nodes];
        for (var i = 0; i < nodes; i++)
            Restart(i);
        for (var i = 0; i < _keys.Length * _keys.Length; i++)
        {
            if (i / nodes != i % nodes)
                Require(i / nodes, i % nodes);
        }
    }

    public SimRandom Random { get; }

    public BadPipe Pipe { get; }

    public TransportLayer[] Layers { get; }

    /// <summary>The faults of single routes, by their token; the pipe's own are those of all others.</summary>
    public Dictionary<int, PipeFaults> RouteFaults { get; } = [];

    /// <summary>Whether packets of a node and a route's token meet the faults of that route; otherwise all do.</summary>
    public Func<int, int, bool>? IsFaulty { get; set; }

    /// <summary>Sees every packet that a layer sends.</summary>
    public Action<int, TransportTransmit, byte[]>? Sniffer { get; set; }

    /// <summary>Whether a node can be reached and heard, asked for each copy of a packet.</summary>
    public Func<int, bool> Reaches { get; set; } = _ => true;

    /// <summary>Loses a multicast for all of its destinations at once, as a shared first hop does.</summary>
    public double SharedLoss { get; set; }

    public long MulticastPackets { get; private set; }

    /// <summary>Packets to one node that confirm, report and answer nothing.</summary>
    public long UnicastSegments { get; private set; }

    public BootEpoch[] Epochs { get; }

    /// <summary>Epochs above this one are of nodes that were restarted.</summary>
    public uint FirstLives => 100 + (uint)Layers.Length;

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1000);

    /// <summary>Called for each node after anything happened at it: take messages and events there.</summary>
    public Action<int>? Application { get; set; }

    public static NodeId IdOf(int node) => new((ushort)(node + 1));

    public ushort EdgeOf(int node) => (ushort)(node * _stride);

    public void Restart(int node)
    {
        Epochs[node] = new BootEpoch(++_epochs);
        _sealings[node]?.Dispose();
        _sealings[node] = _keys.Length == 0
            ? null
            : new SealingLayer(new NodeIdentity(_keys[node], IdOf(node), Epochs[node]), DeterministicRandom.FromNumber(Random.Next()))
            {
                RekeyAfterPackets = _sealingBounds.Rekey,
                RefuseAfterPackets = _sealingBounds.Refuse,
            };
        Layers[node] = new TransportLayer(Epochs[node], _options, _sealings[node]);
        foreach (var (_, other) in _required.Where(pair => pair.Node == node))
            Layers[node].RequireSealing(Now, IdOf(other), _keys[other].PublicKey);
        for (var i = 0; i < Layers.Length && _stride > 0; i++)
        {
            // Only node 0 sends to many, so only it needs to know all.
            if (node == 0 || i == node)
                Layers[node].SetEdge(EdgeOf(i), IdOf(i), isSelf: i == node);
        }
    }

    /// <summary>A node requires sealing of another from now on, in all its lives.</summary>
    public void Require(int node, int other)
    {
        _required.Add((node, other));
        Layers[node].RequireSealing(Now, IdOf(other), _keys[other].PublicKey);
    }

    public void Release(int node, int other)
    {
        _required.Remove((node, other));
        Layers[node].ReleaseSealing(IdOf(other));
    }

    public void Flush(int node)
    {
        var gate = ClassGate.AllOpen;
        while (Layers[node].TryPollTransmit(Now, ref gate, _buffer, out var transmit, out var length))
        {
            var bytes = _buffer.AsSpan(0, length).ToArray();
            Sniffer?.Invoke(node, transmit, bytes);
            var packet = new PipedPacket(node, transmit.Destination.Value - 1, transmit.Class, transmit.Deadline, false, bytes);
            var faults = IsFaulty?.Invoke(node, transmit.RouteToken) == false ? Pipe.Faults : RouteFaults.GetValueOrDefault(transmit.RouteToken, Pipe.Faults);
            if (transmit.Targets is { } targets)
            {
                MulticastPackets++;
                if (!Random.Chance(SharedLoss))
                    SendToAll(packet, targets, faults);
                continue;
            }

            UnicastSegments += transmit.Class == ServiceClass.Control ? 0 : 1;
            SendOne(packet, faults);
        }
    }

    public void FlushAll()
    {
        for (var i = 0; i < Layers.Length; i++)
        {
            Application?.Invoke(i);
            Flush(i);
        }
    }

    /// <summary>Lets time pass, event by event, until it is over or the condition holds.</summary>
    public bool RunUntil(MonoTime end, Func<bool>? done = null)
    {
        FlushAll();
        while (done is null || !done())
        {
            var next = Pipe.Next;
            foreach (var layer in Layers)
                next = MonoTime.Min(next, layer.NextTimeout);
            if (next > end)
            {
                Now = end;
                return done is null;
            }

            Now = MonoTime.Max(Now, next);
            while (Pipe.TryArrive(Now, out var packet))
            {
                Arrive(packet);
                Application?.Invoke(packet.To);
            }

            foreach (var layer in Layers)
            {
                if (layer.NextTimeout <= Now)
                    layer.HandleTimeout(Now);
            }

            FlushAll();
        }

        return true;
    }

    public bool RunFor(Duration time, Func<bool>? done = null) => RunUntil(Now + time, done);

    private void Arrive(PipedPacket packet)
    {
        if (packet.IsMulticast)
            Layers[packet.To].HandleMulticastPacket(Now, IdOf(packet.From), packet.Class, packet.Deadline, packet.Marked, packet.Bytes);
        else
            Layers[packet.To].HandlePacket(Now, IdOf(packet.From), packet.Class, packet.Deadline, packet.Marked, packet.Bytes, packet.Strained);
    }

    private void SendToAll(PipedPacket packet, MulticastTargets targets, PipeFaults faults)
    {
        for (var i = 0; i < targets.Bits.Length; i++)
        {
            for (uint bits = targets.Bits[i]; bits != 0; bits &= bits - 1)
                SendOne(packet with { To = ((targets.Set * 256) + (i * 8) + BitOperations.TrailingZeroCount(bits)) / _stride, IsMulticast = true }, faults);
        }
    }

    private void SendOne(in PipedPacket packet, PipeFaults faults)
    {
        if (Reaches(packet.To) && Reaches(packet.From))
            Pipe.Send(Now, packet, faults);
    }
}
