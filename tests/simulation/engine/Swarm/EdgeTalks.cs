using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>An edge's application for its clients: talks with each whose plan says so, from its coming to its going.</summary>
internal sealed class EdgeTalks(Node node, SwarmWorld world, string name)
{
    private readonly Dictionary<ClientPlace, int> _clients = [];
    private readonly Dictionary<ClientPlace, ClientTalk> _talks = [];

    public MonoTime NextAt
    {
        get
        {
            var next = MonoTime.Never;
            foreach (var talk in _talks.Values)
                next = MonoTime.Min(next, talk.NextAt);
            return next;
        }
    }

    public void OnNodeEvent(MonoTime now, in NodeEvent happened)
    {
        if (happened.Kind == NodeEventKind.ClientDown)
        {
            _talks.Remove(happened.Place);
            if (!_clients.Remove(happened.Place))
                world.Witness.Complain($"{name} says that {happened.Place} is left, where nobody was");
        }

        if (happened.Kind != NodeEventKind.ClientUp)
            return;
        var id = happened.Grant.Client;
        var client = world.Plan.Clients.First(client => client.Id == id).Index;
        if (!_clients.TryAdd(happened.Place, client))
            world.Witness.Complain($"{name} gives {happened.Place} to two clients");
        if (world.Plan.Talks.FirstOrDefault(talk => talk.Client == client) is { } plan)
            _talks[happened.Place] = new ClientTalk(plan, new PlaceEnd(node.Clients, happened.Place), isUp: false, world, now);
    }

    public void HandleTimeout(MonoTime now)
    {
        foreach (var talk in _talks.Values)
            talk.HandleTimeout(now);
    }

    public void Enter(SwarmStage stage, MonoTime now)
    {
        foreach (var talk in _talks.Values)
            talk.Enter(stage, now);
    }

    /// <summary>Takes everything that came from clients. True when there was any.</summary>
    public bool Drain(MonoTime now)
    {
        var any = false;
        while (node.Clients.TryReceive(now, out var message))
        {
            any = true;
            if (_clients.TryGetValue(ClientPlace.Of(message.Flow), out var client))
                world.Witness.OnClientDelivered(client, isUp: true, message.Class, message.Payload);
            else
                world.Witness.Complain($"{name} got a message from {ClientPlace.Of(message.Flow)}, where nobody is");
        }

        while (node.Clients.TryPollEvent(out var happened))
        {
            any = true;
            var found = happened.Kind == TransportEventKind.InboundEnded;
            foreach (var talk in _talks.Values)
                found = found || talk.TryHandle(happened);
            if (!found)
                world.Witness.Complain($"{name} was told {happened.Kind} of a flow to nobody");
        }

        return any;
    }
}
