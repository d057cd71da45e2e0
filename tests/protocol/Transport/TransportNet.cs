using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Transport;

/// <summary>A few transport layers on one bad pipe and one virtual clock. Node <i>i</i> has the number i + 1.</summary>
internal sealed class TransportNet
{
    private readonly byte[] _buffer = new byte[TransportLimits.MaxPacket];
    private readonly TransportOptions _options;
    private uint _epochs = 100;

    public TransportNet(ulong seed, int nodes = 2, TransportOptions? options = null)
    {
        Random = new SimRandom(seed);
        Pipe = new BadPipe(Random);
        _options = options ?? TransportOptions.Default;
        Layers = new TransportLayer[nodes];
        Epochs = new BootEpoch[nodes];
        for (var i = 0; i < nodes; i++)
            Restart(i);
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

    public BootEpoch[] Epochs { get; }

    public MonoTime Now { get; private set; } = MonoTime.FromSeconds(1000);

    /// <summary>Called for each node after anything happened at it: take messages and events there.</summary>
    public Action<int>? Application { get; set; }

    public static NodeId IdOf(int node) => new((ushort)(node + 1));

    public void Restart(int node)
    {
        Epochs[node] = new BootEpoch(++_epochs);
        Layers[node] = new TransportLayer(Epochs[node], _options);
    }

    public void Flush(int node)
    {
        var gate = ClassGate.AllOpen;
        while (Layers[node].TryPollTransmit(Now, ref gate, _buffer, out var transmit, out var length))
        {
            var bytes = _buffer.AsSpan(0, length).ToArray();
            Sniffer?.Invoke(node, transmit, bytes);
            var isFaulty = IsFaulty?.Invoke(node, transmit.RouteToken) ?? true;
            Pipe.Send(
                Now,
                new PipedPacket(node, transmit.Destination.Value - 1, transmit.Class, transmit.Deadline, false, bytes),
                isFaulty ? RouteFaults.GetValueOrDefault(transmit.RouteToken, Pipe.Faults) : Pipe.Faults);
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
                Layers[packet.To].HandlePacket(Now, IdOf(packet.From), packet.Class, packet.Deadline, packet.Marked, packet.Bytes);
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
}
