using WeCan.Contracts;

namespace WeCan.Simulation.Tests.Substrate;

/// <summary>Never comes to rest, in the one way asked for.</summary>
internal sealed class StubbornHost(SimHostContext context, NetAddress peer, bool sends) : ISimHost
{
    public MonoTime NextTimeout { get; } = context.Now + Duration.FromSeconds(1);

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
    }

    public void HandleTimeout(MonoTime now)
    {
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        (to, length) = (peer, 1);
        return sends;
    }
}
