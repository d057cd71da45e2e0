using WeCan.Contracts;
using WeCan.Lab.Wan;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// One life of a node in a swarm, and its applications: driven by the simulation's loop as the driving contract says,
/// it tells the witness all that the applications see.
/// </summary>
internal sealed class NodeHost : ISimHost, IDisposable
{
    private const ulong AppStream = 1UL << 41;

    private readonly SimHostContext _context;
    private readonly SwarmWorld _world;
    private readonly ISwarmWitness _witness;
    private readonly Draws _draws;
    private readonly List<AppFlow> _flows = [];
    private readonly List<AppMulticast> _multicasts = [];
    private readonly Dictionary<FlowHandle, (AppFlow Flow, FlowUse Use)> _uses = [];
    private readonly List<(FlowId Flow, MonoTime Until)> _paused = [];
    private readonly Action<FlowHandle, AppFlow, FlowUse> _onOpened;
    private readonly EdgeTalks _talks;
    private readonly int _peers;
    private readonly int _clientLinks;

    public NodeHost(SimHostContext context, SwarmWorld world)
    {
        (_context, _world, _witness) = (context, world, world.Witness);
        _draws = new(WanRandom.Derive(context.Seed, AppStream));
        _onOpened = (handle, flow, use) => _uses.Add(handle, (flow, use));
        var plan = world.Plan.Nodes[context.Host];
        Node = new Node(
            new()
            {
                Id = SwarmPlan.IdOf(context.Host),
                Epoch = context.Epoch,
                Key = world.KeyOf(context.Host),
                ClientTokens = world.Plan.Clients.IsEmpty ? null : new ClientTokens(),
                PacketMemory = plan.PacketMemory,
                UplinkRate = Bandwidth.FromMegabitsPerSecond(plan.UplinkMbps),
                Transport = TransportOptions.Default with
                {
                    SendMemory = plan.TransportMemory,
                    ReceiveMemory = plan.TransportMemory,
                    ReceiveMemoryPerOrigin = plan.TransportMemory,
                    JoinMemory = plan.TransportMemory,
                },
            },
            DeterministicRandom.FromNumber(context.Seed));
        _talks = new EdgeTalks(Node, world, context.Name);
        foreach (var link in world.Plan.Links.Where(link => link.First == context.Host || link.Second == context.Host))
        {
            _peers++;
            if (world.IsMember(context.Host, OtherEnd(link)))
                AddPeer(context.Now, link);
        }

        foreach (var client in world.Plan.Clients.Where(client => client.Edge == context.Host))
            _clientLinks += SwarmLimits.LinksPerVisit * client.Visits.Length;
        foreach (var route in world.Plan.Routes.Where(route => route[0] == context.Host))
        {
            if (!Node.TrySetRoute(route.Select(SwarmPlan.IdOf).ToArray()))
                _witness.Complain($"{context.Name} refuses a route");
        }

        foreach (var ways in world.Plan.Alternates.Where(way => way[0] == context.Host).GroupBy(way => way[^1]))
        {
            if (!Node.TrySetAlternates(SwarmPlan.IdOf(ways.Key), [.. ways.Select(way => way.Select(SwarmPlan.IdOf).ToArray())]))
                _witness.Complain($"{context.Name} refuses alternates");
        }

        foreach (var spare in world.Plan.Spares.Where(spare => spare.Route[0] == context.Host))
        {
            if (!Node.TrySetRoute(spare.Route.Select(SwarmPlan.IdOf).ToArray(), spare.Token))
                _witness.Complain($"{context.Name} refuses a further route");
        }

        foreach (var flow in world.Plan.Flows.Where(flow => flow.From == context.Host))
            _flows.Add(new(flow, context.Epoch, context.Now, world.Stage, _draws, _witness, world.Scratch));
        foreach (var flow in world.Plan.Multicasts.Where(flow => flow.From == context.Host))
            _multicasts.Add(new(flow, context.Epoch, context.Now, world.Stage, _draws, _witness, world.Scratch));
        SetEdges();
        for (var other = 0; other < world.Plan.Nodes.Length; other++)
            RequireSeal(context.Now, other);
    }

    public Node Node { get; }

    /// <summary>An application of this node has a message that the node has not taken.</summary>
    public bool IsWaiting => _flows.Exists(flow => flow.IsWaiting) || _multicasts.Exists(flow => flow.IsWaiting);

    public MonoTime NextTimeout
    {
        get
        {
            var next = MonoTime.Min(Node.NextTimeout, _talks.NextAt);
            foreach (var flow in _flows)
                next = MonoTime.Min(next, flow.NextAt);
            foreach (var flow in _multicasts)
                next = MonoTime.Min(next, flow.NextAt);
            foreach (var (_, until) in _paused)
                next = MonoTime.Min(next, until);
            return next;
        }
    }

    public void HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram) => Node.HandleDatagram(now, from, datagram);

    public void HandleTimeout(MonoTime now)
    {
        if (Node.NextTimeout <= now)
            Node.HandleTimeout(now);
        Resume(now);
        _talks.HandleTimeout(now);
        foreach (var flow in _flows)
            flow.HandleTimeout(now, Node, _onOpened);
        foreach (var flow in _multicasts)
            flow.HandleTimeout(now, Node);
    }

    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        do
        {
            if (Node.TryPollTransmit(now, buffer, out to, out length))
                return true;
        }
        while (Drain(now));
        CheckBounds();
        return false;
    }

    /// <summary>The applications go over to another stage of the run.</summary>
    public void Enter(SwarmStage stage, MonoTime now)
    {
        foreach (var flow in _flows)
            flow.Enter(stage, now);
        foreach (var flow in _multicasts)
            flow.Enter(stage, now);
        _talks.Enter(stage, now);
        if (stage != SwarmStage.Recovery)
            return;
        for (var i = 0; i < _paused.Count; i++)
            _paused[i] = (_paused[i].Flow, now);
    }

    /// <summary>The node is told of another.</summary>
    public void Handle(SwarmMembership told, MonoTime now)
    {
        if (!told.Joins)
        {
            _witness.OnRemoved(_context.Host, told.Other);
            Node.RemovePeer(now, SwarmPlan.IdOf(told.Other));
            return;
        }

        // The removal took the keys with it, also of one that is no neighbour.
        RequireSeal(now, told.Other);
        if (_world.Plan.Links.FirstOrDefault(link => link.Joins(_context.Host, told.Other)) is { } link)
            AddPeer(now, link);
    }

    public void Dispose()
    {
        _world.Tally.TurnsLate += Node.InspectLinks().Sum(link => link.Counters.TurnsLate);
        Node.Dispose();
        _world.Tally.Detours += Node.PathCounters.Detours;
        _world.Tally.Salvaged += Node.PathCounters.Salvaged;
        _world.Tally.Opened += Node.TransportCounters.PacketsOpened;
        _witness.OnDied(_context.Host, _context.Epoch);
        if (Node.PacketMemoryInUse + Node.Clients.PacketMemoryInUse != 0)
            _witness.Complain($"{_context.Name}: {Node.PacketMemoryInUse + Node.Clients.PacketMemoryInUse} bytes of packet buffers are out after the node was disposed");
    }

    private int OtherEnd(SwarmLink link) => link.First == _context.Host ? link.Second : link.First;

    private void RequireSeal(MonoTime now, int other)
    {
        if (_world.Plan.Seals.Any(pair => pair.OtherOf(_context.Host) == other))
            Node.RequireSealing(now, SwarmPlan.IdOf(other), _world.KeyOf(other).PublicKey);
    }

    private void AddPeer(MonoTime now, SwarmLink link)
    {
        var other = OtherEnd(link);
        var dials = link.First == _context.Host ? link.FirstDials : link.SecondDials;
        if (!Node.TryAddPeer(now, SwarmPlan.IdOf(other), _world.KeyOf(other).PublicKey, dials ? _world.AddressesOf(other, _context.Host) : []))
            _witness.Complain($"{_context.Name} refuses n{other + 1} as a peer");
    }

    private void SetEdges()
    {
        for (var place = 0; place < _world.Plan.Nodes.Length; place++)
        {
            var edge = SwarmPlan.EdgeOf(place);
            if (!Node.TrySetEdgeIndex((byte)(edge >> 8), (byte)edge, SwarmPlan.IdOf(place)))
                _witness.Complain($"{_context.Name} refuses an edge");
        }
    }

    /// <summary>Takes everything that the node has for its applications. True when they may have given it something to send.</summary>
    private bool Drain(MonoTime now)
    {
        var any = false;
        while (Node.TryReceive(now, out var message))
        {
            any = true;
            var flow = _witness.OnDelivered(_context.Host, _context.Epoch, message.Flow, message.Class, message.Number, message.Payload);
            if (flow is { SlowReader: true } && _world.Stage == SwarmStage.Storm && _draws.Chance(0.1))
                Pause(now, message.Flow);
        }

        while (Node.TryPollTransportEvent(out var happened))
        {
            any = true;
            OnTransportEvent(happened);
        }

        while (Node.TryPollEvent(out var happened))
        {
            any |= happened.Kind is NodeEventKind.ClientUp or NodeEventKind.ClientDown;
            _witness.OnLink(_context.Host, happened);
            _talks.OnNodeEvent(now, happened);
        }

        any |= _talks.Drain(now);
        if (!any)
            return false;
        foreach (var flow in _flows)
        {
            if (flow.IsWaiting)
                flow.HandleTimeout(now, Node, _onOpened);
        }

        foreach (var flow in _multicasts)
        {
            if (flow.IsWaiting)
                flow.HandleTimeout(now, Node);
        }

        return true;
    }

    private void OnTransportEvent(in TransportEvent happened)
    {
        if (happened.Kind == TransportEventKind.InboundEnded)
        {
            _witness.OnInboundEnded(_context.Host, _context.Epoch, happened.Inbound, happened.Reason);
            return;
        }

        var flow = happened.Flow;
        if (_multicasts.Find(multicast => multicast.Handle == flow) is { } found)
        {
            found.OnEvent(happened);
            return;
        }

        if (!_uses.TryGetValue(happened.Flow, out var known))
        {
            _witness.Complain($"{_context.Name} was told {happened.Kind} of a flow that it does not have");
            return;
        }

        switch (happened.Kind)
        {
            case TransportEventKind.FlowWritable:
                known.Flow.OnWritable();
                break;
            case TransportEventKind.Confirmed:
                _witness.OnConfirmed(known.Use, happened.Messages);
                break;
            default:
                _uses.Remove(happened.Flow);
                _witness.OnEnded(known.Use, happened);
                known.Flow.OnEnded(happened.Flow);
                break;
        }
    }

    private void Pause(MonoTime now, FlowId flow)
    {
        if (!_paused.Exists(paused => paused.Flow == flow) && Node.SetPaused(flow, paused: true))
            _paused.Add((flow, now + _draws.Milliseconds(50, 2_000)));
    }

    private void Resume(MonoTime now)
    {
        for (var i = _paused.Count - 1; i >= 0; i--)
        {
            if (_paused[i].Until > now)
                continue;
            Node.SetPaused(_paused[i].Flow, paused: false);
            _paused.RemoveAt(i);
        }
    }

    private void CheckBounds()
    {
        if (Node.PacketMemoryInUse > Node.Options.PacketMemory)
            _witness.Complain($"{_context.Name} holds {Node.PacketMemoryInUse} bytes of packets, over its {Node.Options.PacketMemory}");
        if (Node.LinkCount > (_peers * SwarmLimits.LinksPerPeer) + _clientLinks)
            _witness.Complain($"{_context.Name} has {Node.LinkCount} links to {_peers} members and clients of up to {_clientLinks}");
    }
}
