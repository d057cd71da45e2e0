using System.Buffers.Binary;
using WeCan.Contracts;
using WeCan.Lab.Wan;

namespace WeCan.Simulation.Tests.Substrate;

/// <summary>Sends a numbered ping to its peer every interval of its own clock and answers every ping with a pong.</summary>
internal sealed class ToyHost(SimHostContext context, NetAddress peer, Duration interval) : ISimHost, IDisposable
{
    private readonly Queue<(NetAddress To, byte[] Datagram)> _outbox = new();
    private readonly WanRandom _random = new(context.Seed);

    public SimHostContext Context => context;

    public MonoTime NextTimeout { get; private set; } = context.Now + interval;

    public int Pings { get; private set; }

    public int Pongs { get; private set; }

    public bool Disposed { get; private set; }

    public List<MonoTime> Timeouts { get; } = [];

    public List<MonoTime> Arrivals { get; } = [];

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        Arrivals.Add(now);
        if (datagram[0] == 'q')
            Pongs++;
        else
            _outbox.Enqueue((from, [(byte)'q', .. datagram[1..]]));
    }

    public void HandleTimeout(MonoTime now)
    {
        Timeouts.Add(now);
        NextTimeout += interval;
        Ping();
    }

    public void Ping()
    {
        Pings++;
        var datagram = new byte[40];
        datagram[0] = (byte)'p';
        BinaryPrimitives.WriteUInt64LittleEndian(datagram.AsSpan(8), _random.NextUInt64());
        _outbox.Enqueue((peer, datagram));
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        (to, length) = (NetAddress.None, 0);
        if (!_outbox.TryDequeue(out var next))
            return false;
        next.Datagram.CopyTo(buffer);
        (to, length) = (next.To, next.Datagram.Length);
        return true;
    }

    public void Dispose() => Disposed = true;
}
