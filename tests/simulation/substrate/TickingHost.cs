using WeCan.Contracts;

namespace WeCan.Simulation.Tests.Substrate;

/// <summary>Sends one datagram at every tick and allocates nothing, so that what a run allocates is the loop's own.</summary>
internal sealed class TickingHost(SimHostContext context, NetAddress peer) : ISimHost
{
    private static readonly Duration Tick = Duration.FromMilliseconds(1);

    private bool _pending;

    public MonoTime NextTimeout { get; private set; } = context.Now + Tick;

    public int Received { get; private set; }

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => Received++;

    public void HandleTimeout(MonoTime now)
    {
        NextTimeout += Tick;
        _pending = true;
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        (to, length) = (peer, 1_200);
        var sends = _pending;
        _pending = false;
        return sends;
    }
}
