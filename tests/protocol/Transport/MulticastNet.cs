using System.Numerics;
using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>
/// Transport layers on one bad pipe that knows multicast: a packet for a set of edges reaches each of them, or not, by
/// itself. Node <i>i</i> has the number i + 1 and the place <see cref="EdgeOf"/> in the edge index.
/// </summary>
internal sealed class MulticastNet
{
    private readonly byte[] _buffer = new byte[TransportLimits.MaxPacket];
    private readonly TransportOptions _options;
    private readonly int _stride;
    private uint _epochs = 100;

    public MulticastNet(ulong seed, int nodes, TransportOptions? options = null, int stride = 37)
    {
        Random = new SimRandom(seed);
        Pipe = new BadPipe(Random);
        _options = options ?? TransportOptions.Default;
        _stride = stride;
        Layers = new TransportLayer[nodes];
        Epochs = new BootEpoch[nodes];
        for (var i = 0; i < nodes; i++)
            Restart(i);
    }

    public SimRandom Random { get; }

    public BadPipe Pipe { get; }

    public TransportLayer[] Layers { get; }

    public BootEpoch[] Epochs { get; }

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1000);

    /// <summary>Called for each node after anything happened: take messages and events there.</summary>
    public Action<int>? Application { get; set; }

    /// <summary>Whether a packet gets through, asked for each copy with its destination.</summary>
    public Func<int, bool> Reaches { get; set; } = _ => true;

    /// <summary>Loses a multicast for all of its destinations at once, as a shared first hop does.</summary>
    public double SharedLoss { get; set; }

    public long MulticastPackets { get; private set; }

    public long UnicastSegments { get; private set; }

    /// <summary>Epochs above this one are of nodes that were restarted.</summary>
    public uint FirstLives => 100 + (uint)Layers.Length;

    public ushort EdgeOf(int node) => (ushort)(node * _stride);

    public void Restart(int node)
    {
        Epochs[node] = new BootEpoch(++_epochs);
        Layers[node] = new TransportLayer(Epochs[node], _options);
        for (var i = 0; i < Layers.Length; i++)
        {
            // Only node 0 sends, so only it needs to know all.
            if (node == 0 || i == node)
                Layers[node].SetEdge(EdgeOf(i), TransportNet.IdOf(i), isSelf: i == node);
        }
    }

    public void Flush(int node)
    {
        var gate = ClassGate.AllOpen;
        while (Layers[node].TryPollTransmit(Now, ref gate, _buffer, out var transmit, out var length))
        {
            var packet = new PipedPacket(node, transmit.Destination.Value - 1, transmit.Class, transmit.Deadline, false, _buffer.AsSpan(0, length).ToArray());
            if (transmit.Targets is not { } targets)
            {
                UnicastSegments += transmit.Class == ServiceClass.Control ? 0 : 1;
                SendOne(packet);
                continue;
            }

            MulticastPackets++;
            if (Random.Chance(SharedLoss))
                continue;
            for (var i = 0; i < targets.Bits.Length; i++)
            {
                for (uint bits = targets.Bits[i]; bits != 0; bits &= bits - 1)
                    SendOne(packet with { To = ((targets.Set * 256) + (i * 8) + BitOperations.TrailingZeroCount(bits)) / _stride, IsMulticast = true });
            }
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
    public bool RunFor(Duration time, Func<bool>? done = null)
    {
        var end = Now + time;
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
                Arrive(packet);
            foreach (var layer in Layers)
            {
                if (layer.NextTimeout <= Now)
                    layer.HandleTimeout(Now);
            }

            FlushAll();
        }

        return true;
    }

    private void Arrive(PipedPacket packet)
    {
        var layer = Layers[packet.To];
        var from = TransportNet.IdOf(packet.From);
        if (packet.IsMulticast)
            layer.HandleMulticastPacket(Now, from, packet.Class, packet.Deadline, packet.Marked, packet.Bytes);
        else
            layer.HandlePacket(Now, from, packet.Class, packet.Deadline, packet.Marked, packet.Bytes);
        Application?.Invoke(packet.To);
    }

    private void SendOne(in PipedPacket packet)
    {
        if (Reaches(packet.To) && Reaches(packet.From))
            Pipe.Send(Now, packet);
    }
}
