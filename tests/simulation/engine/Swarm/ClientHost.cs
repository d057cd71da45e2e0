using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;

namespace WeCan.Simulation.Swarm;

/// <summary>One visit of a client: its session, driven by the simulation's loop.</summary>
internal sealed class ClientHost : ISimHost, IDisposable
{
    private MonoTime _now;

    public ClientHost(SimHostContext context, SwarmWorld world, SwarmClient plan)
    {
        _now = context.Now;
        var options = new ClientSessionOptions
        {
            EdgeKey = world.KeyOf(plan.Edge).PublicKey,
            EdgeAddress = world.AddressOf(plan.Edge),
            Token = ClientTokens.Of(plan.Id),
        };
        Session = new ClientSession(options, DeterministicRandom.FromNumber(context.Seed));
    }

    public ClientSession Session { get; }

    public MonoTime NextTimeout => Session.GetNextTimeout(_now);

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        Session.HandleDatagram(now, from, datagram);
    }

    public void HandleTimeout(MonoTime now)
    {
        _now = now;
        Session.HandleTimeout(now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        _now = now;
        return Session.TryPollTransmit(now, buffer, out to, out length);
    }

    public void Dispose() => Session.Dispose();
}
