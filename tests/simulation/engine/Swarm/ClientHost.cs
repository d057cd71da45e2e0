using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>One visit of a client: its session, driven by the simulation's loop.</summary>
internal sealed class ClientHost : ISimHost, IDisposable
{
    private readonly SwarmWorld _world;
    private readonly SwarmClient _plan;
    private ClientTalk? _talk;
    private int _links;
    private MonoTime _now;

    public ClientHost(SimHostContext context, SwarmWorld world, SwarmClient plan)
    {
        (_now, _world, _plan) = (context.Now, world, plan);
        var options = new ClientSessionOptions
        {
            EdgeKey = world.KeyOf(plan.Edge).PublicKey,
            EdgeAddress = world.AddressOf(plan.Edge),
            Token = ClientTokens.Of(plan.Id),
        };
        Session = new ClientSession(options, DeterministicRandom.FromNumber(context.Seed));
    }

    public ClientSession Session { get; }

    public MonoTime NextTimeout => MonoTime.Min(Session.GetNextTimeout(_now), _talk?.NextAt ?? MonoTime.Never);

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        _now = now;
        Session.HandleDatagram(now, from, datagram);
    }

    public void HandleTimeout(MonoTime now)
    {
        _now = now;
        if (Session.GetNextTimeout(now) <= now)
            Session.HandleTimeout(now);
        _talk?.HandleTimeout(now);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        _now = now;
        do
        {
            if (Session.TryPollTransmit(now, buffer, out to, out length))
                return true;
        }
        while (Drain(now));
        return false;
    }

    public void Enter(SwarmStage stage, MonoTime now) => _talk?.Enter(stage, now);

    public void Dispose()
    {
        Session.Dispose();
        _world.Witness.Clients.OnDied(_plan.Index, isUp: true);
        if (Session.PacketMemoryInUse != 0)
            _world.Witness.Complain($"client {_plan.Index + 1}: {Session.PacketMemoryInUse} bytes of packet buffers are out after it was disposed");
    }

    /// <summary>Takes everything that the session has. True when there was any, or a new link to talk over.</summary>
    private bool Drain(MonoTime now)
    {
        var any = false;
        while (Session.TryReceive(now, out var message))
        {
            any = true;
            _world.Witness.OnClientDelivered(_plan.Index, isUp: false, message.Class, message.Payload);
        }

        while (Session.TryPollEvent(out var happened))
        {
            any = true;
            if (happened.Kind != TransportEventKind.InboundEnded && _talk?.TryHandle(happened) != true)
                _world.Witness.Complain($"client {_plan.Index + 1} was told {happened.Kind} of a flow that it does not have");
        }

        if (Session.State != ClientSessionState.Connected)
            _talk = null;
        if (Session.State != ClientSessionState.Connected || Session.LinksMade == _links)
            return any;
        _links = Session.LinksMade;
        if (_world.Plan.Talks.FirstOrDefault(talk => talk.Client == _plan.Index) is { } talk)
            _talk = new ClientTalk(talk, new SessionEnd(Session), isUp: true, _world, now);
        return true;
    }
}
