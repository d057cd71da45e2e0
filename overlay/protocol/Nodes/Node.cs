using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Links;
using WeCan.Protocol.Paths;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// One node of the overlay, whole: links, paths and transport, without a socket, a clock or a thread. This is the
/// project's driving contract, the same at every layer:
/// <list type="number">
/// <item>hand it what came: <see cref="HandleDatagram"/>, or a command such as <see cref="Send"/>;</item>
/// <item>hand it the time when <see cref="NextTimeout"/> has come: <see cref="HandleTimeout"/>;</item>
/// <item>after either, call <see cref="TryPollTransmit"/> until it says no and send what it wrote, then
/// <see cref="TryReceive"/>, <see cref="TryPollTransportEvent"/> and <see cref="TryPollEvent"/> likewise;</item>
/// <item>sleep until <see cref="NextTimeout"/> or the next datagram.</item>
/// </list>
/// Every call takes the time, which never goes back. One thread at a time calls; the node keeps no lock. Nothing that
/// arrives makes it throw, answer a stranger, or hold more than <see cref="NodeOptions"/> allows.
/// </summary>
public sealed class Node : IDisposable
{
    private readonly NodeShared _shared;
    private readonly RouteTable _routes;
    private readonly EdgeTable _edges = new();
    private readonly Forwarder _forwarder;
    private readonly MulticastForwarder _multicast;
    private readonly Salvage _salvage;
    private readonly Connector _connector;
    private readonly SealingLayer _sealing;
    private readonly TransportLayer _transport;
    private readonly Uplink _uplink;
    private readonly byte[] _draft = new byte[TransportLimits.MaxTransmit];
    private readonly byte[] _opened = new byte[WireLimits.FullDatagram];
    private bool _transportMayHaveWork;
    private bool _gateWasShut;
    private bool _hasMadeRoom;

    public Node(NodeOptions options, DeterministicRandom random)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _shared = new NodeShared(options, random, Drops);
        _routes = new RouteTable(options.Id);
        var neighbours = new Neighbours(_shared);
        _forwarder = new Forwarder(options.Id, _shared, neighbours, new Detour(options.Id, _shared, _routes, neighbours));
        _multicast = new MulticastForwarder(options.Id, _shared, _edges, new MulticastSplit(options.Id, _shared, _routes, _edges, neighbours), neighbours);
        _salvage = new Salvage(_shared, _forwarder, _multicast, neighbours);
        _sealing = new SealingLayer(_shared.Identity, random);
        _transport = new TransportLayer(options.Epoch, options.Transport, _sealing);
        Clients = new ClientDesk(_shared);
        _connector = new Connector(_shared, Clients);
        _uplink = new Uplink(_shared, _connector, Clients, options.UplinkRate);
    }

    public NodeOptions Options { get; }

    public DropCounters Drops { get; } = new();

    /// <summary>Flows to and from the clients of this node; a transport of its own.</summary>
    public ClientDesk Clients { get; }

    public TransportCounters TransportCounters => _transport.Counters;

    public PathCounters PathCounters => _shared.Paths;

    /// <summary>Bytes of packet buffers in use.</summary>
    public long PacketMemoryInUse => _shared.Pool.RentedBytes;

    /// <summary>Bytes held for messages that are sent and not yet confirmed, or wait to be sent.</summary>
    public long SendMemoryInUse => _transport.SendBytes;

    /// <summary>Bytes held for what arrived and was not yet taken, or waits for the rest of its message.</summary>
    public long ReceiveMemoryInUse => _transport.ReceiveBytes + _transport.JoinBytes;

    public int LinkCount => _shared.Peers.LinkCount;

    internal MulticastForwarder Multicast => _multicast;

    /// <summary>For what may give it something to send.</summary>
    private TransportLayer WokenTransport
    {
        get
        {
            _transportMayHaveWork = true;
            return _transport;
        }
    }

    /// <summary>When to call <see cref="HandleTimeout"/> at the latest; may be earlier than there is something to do.</summary>
    public MonoTime NextTimeout =>
        MonoTime.Min(MonoTime.Min(_shared.Schedule.NextTimeout, _connector.NextTimeout), MonoTime.Min(MonoTime.Min(_transport.NextTimeout, Clients.NextTimeout), _uplink.NextTimeout));

    // ---- membership and routes ----

    /// <summary>
    /// Makes a member known, with the addresses that it advertises, the best first, at most eight (<see cref="NodeLimits.MaxAddresses"/>). This node
    /// begins a handshake with them at once and again whenever the link is gone; without any it waits to be called. False when there
    /// are too many, the number or the key is taken, or <see cref="NodeOptions.MaxPeers"/> is reached.
    /// </summary>
    public bool TryAddPeer(MonoTime now, NodeId id, P256PublicKey key, params ReadOnlySpan<NetAddress> addresses) =>
        id != Options.Id && _connector.TryAddPeer(now, id, key, addresses);

    /// <summary>A member has another key or other addresses. Its link stands; the next handshake goes by these. False as above, or for no member.</summary>
    public bool TryChangePeer(MonoTime now, NodeId id, P256PublicKey key, params ReadOnlySpan<NetAddress> addresses) =>
        _connector.TryChangePeer(now, id, key, addresses);

    /// <summary>A member is one no more: its link closes, its flows break.</summary>
    public void RemovePeer(MonoTime now, NodeId id)
    {
        _connector.RemovePeer(id);
        _transport.Revoke(now, id);
    }

    /// <summary>
    /// Sets a route to its last node; it begins at this one. The token ranks it among the routes to that node: 0 is the
    /// primary, up to <see cref="WireLimits.MaxRoutes"/> in all. It is for all classes or one; Control and multicasts take Signal's. False for one that no packet can carry.
    /// </summary>
    public bool TrySetRoute(ReadOnlySpan<NodeId> route, int token = 0, ServiceClass? only = null)
    {
        RouteTokens.Check(token);
        if (!_routes.TrySet(route, token, only, out var isNewToRealtime))
            return false;
        if (isNewToRealtime)
            _transport.SetRoute(route[^1], token, route);
        return true;
    }

    /// <summary>Forgets a route. Packets that would have taken it take the first by rank of those left.</summary>
    public void ClearRoute(NodeId destination, int token, ServiceClass? only = null)
    {
        RouteTokens.Check(token);
        _routes.Clear(destination, token, only);
        if (only is null or ServiceClass.Realtime)
            _transport.SetRoute(destination, token, []);
    }

    /// <summary>
    /// Sets what to try, in this order, while the route to a destination cannot be used, for packets that start here and for
    /// those that pass: whole ways from this node to the destination, at most four. They replace those before. False, and nothing changes, if no packet can carry one of them or it leads elsewhere.
    /// </summary>
    public bool TrySetAlternates(NodeId destination, params ReadOnlySpan<NodeId[]> ways) => _routes.TrySetAlternates(destination, ways);

    /// <summary>
    /// Says which edge a multicast packet's bit means, this node's own included; <see cref="NodeId.None"/> takes it back. A node has one
    /// index, the newest. False when too many sets are in use.
    /// </summary>
    public bool TrySetEdgeIndex(byte set, byte bit, NodeId node)
    {
        if (!_edges.TrySet(set, bit, node))
            return false;
        _transportMayHaveWork = true;
        _transport.SetEdge((ushort)((set << 8) | bit), node, isSelf: node == Options.Id);
        return true;
    }

    /// <summary>An edge's place in an <see cref="EdgeSet"/>; false where it has none.</summary>
    public bool TryGetEdgeIndex(NodeId node, out ushort edge)
    {
        var found = _edges.TryGetIndex(node, out var set, out var bit);
        edge = (ushort)((set << 8) | bit);
        return found;
    }

    /// <summary>
    /// Says what routes want of the link to a member, now and after every new handshake: whether it is in use or may be soon. Links
    /// that carry data are in use without it. How many can be is bounded: those with data come first.
    /// </summary>
    public void SetLinkUse(MonoTime now, NodeId id, LinkUse use) => _connector.SetLinkUse(now, id, use);

    /// <summary>Changes what all links together may send; see <see cref="NodeOptions.UplinkRate"/>.</summary>
    public void SetUplinkRate(Bandwidth rate)
    {
        NodeOptions.CheckUplinkRate(rate);
        _uplink.SetRate(rate);
    }

    /// <summary>
    /// Requires that all between this edge and another be sealed end to end, under the key that the membership knows for it:
    /// nothing goes in the clear from here on, what comes so is dropped, and multicasts that name it are refused. The
    /// other edge must be told likewise; until it is, flows wait. A neighbour it need not be. <see cref="RemovePeer"/> ends the
    /// sessions with it for good, until this is called again.
    /// </summary>
    public void RequireSealing(MonoTime now, NodeId edge, P256PublicKey key) => WokenTransport.RequireSealing(now, edge, key);

    /// <summary>Takes <see cref="RequireSealing"/> back.</summary>
    public void ReleaseSealing(NodeId edge) => WokenTransport.ReleaseSealing(edge);

    // ---- flows: docs/wire-format.md, section 7; see TransportLayer for their promises ----

    public OpenResult OpenStream(NodeId destination, ServiceClass serviceClass, byte priority, out FlowHandle flow, int routeToken = 0) =>
        _transport.OpenStream(destination, serviceClass, priority, routeToken, out flow);

    public OpenResult OpenRealtime(NodeId destination, byte priority, Duration deadline, out FlowHandle flow, int paths = 1) =>
        _transport.OpenRealtime(destination, priority, deadline, out flow, paths);

    /// <summary>Opens a flow of class Signal or Bulk whose messages each go to edges that they name, by their index.</summary>
    public OpenResult OpenMulticast(ServiceClass serviceClass, byte priority, out FlowHandle flow) =>
        _transport.OpenMulticast(serviceClass, priority, out flow);

    /// <summary>Takes one copy of a message for all edges of a set, or nothing; see <see cref="Send"/>. The set stays the caller's.</summary>
    public SendResult SendMulticast(MonoTime now, FlowHandle flow, EdgeSet edges, ReadOnlySpan<byte> message, out ulong number) => WokenTransport.SendMulticast(now, flow, edges, message, out number);

    /// <summary>Opens a Realtime flow to many edges. Its messages are sent by <see cref="Send"/>; the set is copied.</summary>
    public OpenResult OpenRealtimeMulticast(EdgeSet edges, byte priority, Duration deadline, out FlowHandle flow) =>
        _transport.OpenRealtimeMulticast(edges, priority, deadline, out flow);

    /// <summary>Adds an edge to the audience of a Realtime flow to many.</summary>
    public SendResult AddDestination(FlowHandle flow, ushort edge) => _transport.AddDestination(flow, edge);

    /// <summary>Takes an edge out of a flow to many of any class, with all that waits for it; false when it was not in it.</summary>
    public bool RemoveDestination(MonoTime now, FlowHandle flow, ushort edge) => WokenTransport.RemoveDestination(now, flow, edge);

    /// <summary>Takes a copy of a message, whole or not at all. <paramref name="number"/> counts the flow's accepted messages from 1.</summary>
    public SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, out ulong number) => WokenTransport.Send(now, flow, message, out number);

    /// <summary>The same for a message of a Realtime flow to many that is worth something until then, and no longer than the flow's deadline.</summary>
    public SendResult SendUntil(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, MonoTime deadline) => WokenTransport.SendUntil(now, flow, message, deadline);

    public void CloseFlow(MonoTime now, FlowHandle flow) => WokenTransport.Close(now, flow);

    /// <summary>The next message that arrived; its payload is lent until the next call.</summary>
    public bool TryReceive(MonoTime now, out ReceivedMessage message) => WokenTransport.TryReceive(now, out message);

    public bool SetPaused(FlowId flow, bool paused) => _transport.SetPaused(flow, paused);

    public bool TryPollTransportEvent(out TransportEvent happened) => _transport.TryPollEvent(out happened);

    /// <summary>The next time that this edge moved its Realtime flows to a node off a bad route, by itself.</summary>
    public bool TryPollPathMove(out PathMove move) => _transport.TryPollPathMove(out move);

    public bool TryPollEvent(out NodeEvent happened) => _shared.TryTakeEvent(out happened);

    // ---- the driving contract ----

    /// <summary>True when it was authentic, and new, on a link of this node.</summary>
    public bool HandleDatagram(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > WireLimits.FullDatagram)
        {
            Drops.Add(DropReason.MalformedDatagram);
            return false;
        }

        if (!SealedHeader.TryRead(datagram, out var header))
        {
            _connector.HandleHandshake(now, from, datagram);
            return false;
        }

        if (!_shared.Peers.TryGetLink(header.Receiver, out var slot))
        {
            Drops.Add(DropReason.UnknownLink);
            return false;
        }

        if (!slot.Link.TryOpen(now, from, header, datagram, _opened))
            return false;
        if (slot.IsPending)
            _connector.Confirm(now, slot);
        while (slot.Link.TryReadDelivery(now, out var serviceClass, out var packet))
            HandlePacket(now, slot, serviceClass, packet);
        _transportMayHaveWork = true;
        _shared.Schedule.MarkReady(slot);
        return true;
    }

    public void HandleTimeout(MonoTime now)
    {
        while (_shared.Schedule.TryTakeDue(now, out var slot))
            _connector.HandleTimeout(now, slot);

        _connector.HandleTimeout(now);
        _transport.HandleTimeout(now);
        Clients.HandleTimeout(now);
        _transportMayHaveWork = true;
    }

    /// <summary>The next datagram to send, into a buffer of at least <see cref="WireLimits.FullDatagram"/> bytes.</summary>
    public bool TryPollTransmit(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        if (_uplink.IsShaped)
            return TryPollShaped(now, buffer, out to, out length);
        if (_shared.Outbox.TryTake(buffer, out to, out length))
            return true;
        while (true)
        {
            if (!_shared.Stranded.IsEmpty)
                _salvage.Run(now);
            if (_transportMayHaveWork)
                PumpTransport(now);
            Clients.Pump(now);
            if (!_shared.Schedule.TryPeekReady(out var slot))
                return false;
            if (slot.Link.TryPollTransmit(now, buffer, out length))
            {
                to = slot.Link.PeerAddress;
                return true;
            }

            _shared.Schedule.TakeReady();
            if (slot.Link.IsDead)
                _connector.OnLinkDead(now, slot);
            else
                _shared.Schedule.WakeAt(slot, slot.NextTimeout(now));
            Clients.OnPolled(slot);
            _transportMayHaveWork |= _gateWasShut;
        }
    }

    /// <summary>What all links together have done since the node was made, those that are gone included.</summary>
    public LinkCounters SumLinks() => _connector.SumLinks();

    /// <summary>Every link with what it measures, for inspection; allocates.</summary>
    public IReadOnlyList<LinkStatus> InspectLinks() => _connector.InspectLinks();

    /// <summary>The smoothed round trip of what was sent to a node and confirmed by it; before the first a cautious guess.</summary>
    public Duration RoundTripTo(NodeId destination) => _transport.RoundTripTo(destination);

    /// <summary>What this edge knows of its routes to a node from its own Realtime packets, for inspection; allocates.</summary>
    public IReadOnlyList<PathStatus> InspectPaths(MonoTime now, NodeId destination) => _transport.InspectPaths(now, destination);

    /// <summary>What this edge counts of Realtime packets to and from each other node, for inspection; allocates.</summary>
    public IReadOnlyList<PairStatus> InspectPairs(MonoTime now) => _transport.InspectPairs(now);

    /// <summary>Says goodbye on every link: one more round of <see cref="TryPollTransmit"/> sends it, whatever the uplink's rate is.</summary>
    public void Shutdown()
    {
        _connector.CloseAll(CloseReason.GoingAway);
        _uplink.SetRate(Bandwidth.Zero);
    }

    public void Dispose()
    {
        _connector.Dispose();
        _sealing.Dispose();
    }

    /// <summary>The next datagram of a node whose uplink has a rate. When first hops have made room, the transport is asked once more.</summary>
    private bool TryPollShaped(MonoTime now, Span<byte> buffer, out NetAddress to, out int length)
    {
        while (true)
        {
            if (!_shared.Stranded.IsEmpty)
                _salvage.Run(now);
            if (_transportMayHaveWork)
                PumpTransport(now);
            Clients.Pump(now);
            if (_uplink.TryPollTransmit(now, buffer, out to, out length))
            {
                _hasMadeRoom = true;
                return true;
            }

            _transportMayHaveWork |= _gateWasShut && _hasMadeRoom;
            if (!_transportMayHaveWork && !Clients.MayHaveWork && _shared.Stranded.IsEmpty)
                return false;
        }
    }

    /// <summary>A client is no part of the overlay: it sends no path packets, and members send nothing else.</summary>
    private void HandlePacket(MonoTime now, LinkSlot slot, ServiceClass serviceClass, ReadOnlySpan<byte> packet)
    {
        if (slot.Peer is not { } peer)
            Clients.HandlePacket(now, slot, serviceClass, packet);
        else if (PathHeader.KindOf(packet) == PathHeader.MulticastKind)
            _multicast.HandlePacket(now, slot, peer.Id, serviceClass, packet, _transport);
        else
            _forwarder.HandlePacket(now, slot, peer.Id, serviceClass, packet, _transport);
    }

    /// <summary>Moves packets from the transport to their first hops, as long as those have room.</summary>
    private void PumpTransport(MonoTime now)
    {
        (_transportMayHaveWork, _hasMadeRoom) = (false, false);
        var gate = new FirstHopGate(now, _forwarder, _multicast);
        while (_transport.TryPollTransmit(now, ref gate, _draft, out var transmit, out var length))
        {
            var packet = _draft.AsSpan(0, length);
            if (transmit.Targets is { } targets)
                _multicast.Originate(now, transmit.Class, transmit.Priority, transmit.Deadline, targets.Set, targets.Bits, packet);
            else if (_forwarder.Originate(now, transmit, packet))
                _transport.NoteStrain(now, transmit.Destination, transmit.RouteToken);
        }

        _gateWasShut = gate.WasShut;
    }
}
