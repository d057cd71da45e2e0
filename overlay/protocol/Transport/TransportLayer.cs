using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Sealing;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>
/// The transport of one node in one life: flows between two edges. Driven by one thread with the contract that every
/// layer shares: hand it packets and the time, then poll what to send, what arrived and what happened until each says
/// no, and come back at <see cref="NextTimeout"/>. It promises: Signal and Bulk, every message once and in order per
/// flow while both ends live; Realtime, never late and never twice. A flow that cannot go on says so by an event, and
/// what it had not confirmed may have arrived or not. What the layer keeps is bounded by <see cref="TransportOptions"/>
/// and <see cref="TransportLimits"/>, whatever a peer sends.
/// </summary>
internal sealed class TransportLayer
{
    /// <summary>Flows that are looked after at a time when memory was freed.</summary>
    private const int StarvedPerCall = 8;

    private readonly TransportShared _shared;
    private readonly Peers _peers;
    private readonly OutboundFlows _outbound;
    private readonly InboundFlows _inbound;
    private readonly TransportDispatch _dispatch;
    private readonly SealedTraffic? _sealed;
    private QueuedMessage _lent;
    private Peer? _lender;
    private MonoTime _latest;

    /// <param name="self">The life that it runs in.</param>
    /// <param name="options">Its bounds.</param>
    /// <param name="sealing">What seals between edges, its maker's to dispose of; null where nothing will be.</param>
    public TransportLayer(BootEpoch self, TransportOptions options, SealingLayer? sealing = null)
    {
        if (self == BootEpoch.None)
            throw new ArgumentException("A transport layer needs the boot epoch of the life it runs in; this is none.", nameof(self));
        options.Validate();
        _shared = new TransportShared(self, options);
        _peers = new Peers(_shared);
        _outbound = new OutboundFlows(_shared);
        _inbound = new InboundFlows(_shared);
        _dispatch = new TransportDispatch(_shared, _peers, _outbound, _inbound);
        _sealed = sealing is null ? null : new SealedTraffic(_shared, _peers, sealing);
    }

    public TransportCounters Counters => _shared.Counters;

    /// <summary>When to call <see cref="HandleTimeout"/> at the latest; may be earlier than there is something to do.</summary>
    public MonoTime NextTimeout => _shared.Timers.Next;

    /// <summary>Flows of this node's, ended ones that are still being told about included.</summary>
    public int OutboundCount => _outbound.Count;

    /// <summary>Flows of others', ended ones whose messages or end the application has not taken included.</summary>
    public int InboundCount => _inbound.Count;

    /// <summary>Bytes held for what is sent and not yet confirmed.</summary>
    public long SendBytes => _shared.SendMemory.Used;

    /// <summary>Bytes held for what arrived: Signal and Bulk, and Realtime in one piece.</summary>
    public long ReceiveBytes => _shared.ReceiveMemory.Used;

    /// <summary>Bytes held for Realtime messages in fragments.</summary>
    public long JoinBytes => _shared.Joins.Used;

    /// <summary>The path layer has a route of this token to a destination, another than before, by these nodes; or none any more.</summary>
    public void SetRoute(NodeId destination, int token, ReadOnlySpan<NodeId> way) =>
        _peers.Get(destination).SetRoute(token, exists: !way.IsEmpty, RouteTokens.Sign(way));

    /// <summary>
    /// From now on nothing goes to a node or comes from it in the clear, and no multicast at all: packets wait until a session
    /// with the owner of the key is made. Flows that were open go on so, but for a multicast's destination.
    /// </summary>
    public void RequireSealing(MonoTime now, NodeId node, in P256PublicKey key)
    {
        if (_sealed is null)
            throw new InvalidOperationException("This transport was made without a sealing layer.");
        FlowArguments.CheckAddress(node, priority: 0);
        _sealed.Require(now, node, key);
    }

    /// <summary>Packets to and from a node are as they are again.</summary>
    public void ReleaseSealing(NodeId node) => _sealed?.Release(node);

    /// <summary>Opens a flow of class Signal or Bulk. Nothing is sent before the first message.</summary>
    public OpenResult OpenStream(NodeId destination, ServiceClass serviceClass, byte priority, int routeToken, out FlowHandle flow)
    {
        if (serviceClass is not (ServiceClass.Signal or ServiceClass.Bulk))
            throw new ArgumentOutOfRangeException(nameof(serviceClass), serviceClass, "A stream flow is of class Signal or Bulk; for Realtime use OpenRealtime.");
        FlowArguments.CheckAddress(destination, priority);
        RouteTokens.Check(routeToken);
        flow = FlowHandle.None;
        if (_outbound.IsFull)
            return OpenResult.TooManyFlows;
        flow = _outbound.Reserve();
        var peer = _peers.Get(destination);
        _outbound.Add(new StreamSender(_outbound, flow, _shared, peer, peer.LaneFor(routeToken, serviceClass, priority), priority));
        return OpenResult.Opened;
    }

    /// <summary>
    /// Opens a Realtime flow; each of its messages is worth something for <paramref name="deadline"/>, at most
    /// <see cref="TransportLimits.MaxDeadline"/>, from its Send on. With two <paramref name="paths"/> every packet goes
    /// over the two first routes to the destination, as far as there are two, and the copy that comes first counts.
    /// </summary>
    public OpenResult OpenRealtime(NodeId destination, byte priority, Duration deadline, out FlowHandle flow, int paths = 1)
    {
        FlowArguments.CheckDeadline(deadline);
        if (paths is not (1 or 2))
            throw new ArgumentOutOfRangeException(nameof(paths), paths, "A Realtime flow goes over 1 path or 2.");
        FlowArguments.CheckAddress(destination, priority);
        flow = FlowHandle.None;
        if (_outbound.IsFull)
            return OpenResult.TooManyFlows;
        flow = _outbound.Reserve();
        _outbound.Add(new RealtimeSender(_outbound, flow, _shared, _peers.Get(destination), priority, deadline, paths));
        return OpenResult.Opened;
    }

    /// <summary>
    /// Opens a flow of class Signal or Bulk to many edges; each message names its own. Every one of them gets what a
    /// stream would bring it, or is lost to the flow with an event, and never holds the others up.
    /// </summary>
    public OpenResult OpenMulticast(ServiceClass serviceClass, byte priority, out FlowHandle flow)
    {
        if (serviceClass is not (ServiceClass.Signal or ServiceClass.Bulk))
            throw new ArgumentOutOfRangeException(nameof(serviceClass), serviceClass, "A multicast flow is of class Signal or Bulk.");
        FlowArguments.CheckPriority(priority);
        flow = FlowHandle.None;
        if (_outbound.IsFull)
            return OpenResult.TooManyFlows;
        flow = _outbound.Reserve();
        var lane = _peers.Group.LaneFor(MulticastSender.RouteToken, serviceClass, priority);
        _outbound.Add(new MulticastSender(_outbound, flow, _shared, _peers, lane, priority));
        return OpenResult.Opened;
    }

    /// <summary>
    /// Takes one copy of a message for all edges in the set, or nothing. The number counts the flow's accepted messages;
    /// Confirmed up to it says that every edge has those that were for it, but for those lost or taken out.
    /// </summary>
    public SendResult SendMulticast(MonoTime now, FlowHandle flow, EdgeSet edges, ReadOnlySpan<byte> message, out ulong number)
    {
        ArgumentNullException.ThrowIfNull(edges);
        number = 0;
        if (!_outbound.TryFind(flow, out var found))
            return SendResult.Closed;
        if (found is not MulticastSender sender)
            throw new ArgumentException("SendMulticast needs a flow that OpenMulticast has opened.", nameof(flow));
        return sender.Send(now, edges, message, out number);
    }

    /// <summary>
    /// Opens a Realtime flow to many edges, whose messages, taken by <see cref="Send"/>, all go to those that are its
    /// audience when they begin to go out. The set is copied; it may be empty. No destination answers: the flow knows none
    /// but by its place, and nothing of what arrives.
    /// </summary>
    public OpenResult OpenRealtimeMulticast(EdgeSet edges, byte priority, Duration deadline, out FlowHandle flow)
    {
        ArgumentNullException.ThrowIfNull(edges);
        FlowArguments.CheckDeadline(deadline);
        FlowArguments.CheckPriority(priority);
        flow = FlowHandle.None;
        var audience = new EdgeSet();
        audience.CopyFrom(edges);
        if (_shared.Edges.JudgeAll(audience) is not SendResult.Accepted and var reason)
            return reason == SendResult.NeedsSealing ? OpenResult.NeedsSealing : OpenResult.UnknownEdge;
        if (audience.SetCount > MulticastLimits.MaxSets)
            return OpenResult.TooManyDestinations;
        if (_outbound.IsFull)
            return OpenResult.TooManyFlows;
        flow = _outbound.Reserve();
        _outbound.Add(new RealtimeMulticast(_outbound, flow, _shared, _peers, audience, priority, deadline));
        return OpenResult.Opened;
    }

    /// <summary>Adds an edge to the audience of a Realtime flow to many: the next message that begins to go out goes there too.</summary>
    public SendResult AddDestination(FlowHandle flow, ushort edge)
    {
        if (!_outbound.TryFind(flow, out var found))
            return SendResult.Closed;
        if (found is not RealtimeMulticast sender)
            throw new ArgumentException("AddDestination needs a flow that OpenRealtimeMulticast has opened; a message of another names its own edges.", nameof(flow));
        return sender.Add(edge);
    }

    /// <summary>
    /// Takes an edge out of a flow to many, at once; false when it was not in it. Of class Signal or Bulk, what it has not confirmed
    /// is let go, and may have arrived or not; confirmations go on without it. A message that names it later takes it in again: it gets
    /// that message and those after it, once and in order.
    /// </summary>
    public bool RemoveDestination(MonoTime now, FlowHandle flow, ushort edge)
    {
        if (!_outbound.TryFind(flow, out var found))
            return false;
        return found switch
        {
            RealtimeMulticast sender => sender.Remove(edge),
            MulticastSender sender => sender.Remove(now, edge),
            _ => throw new ArgumentException("RemoveDestination needs a flow to many; a flow to one is closed.", nameof(flow)),
        };
    }

    /// <summary>
    /// Says which node stands at a place of the dense edge index, this one perhaps, or that none does. Who stood there is
    /// lost to the flows of which it is a destination.
    /// </summary>
    public void SetEdge(ushort edge, NodeId node, bool isSelf = false)
    {
        if (isSelf)
            _shared.Edges.Self = edge;
        else if (_shared.Edges.Self == edge)
            _shared.Edges.Self = -1;
        var known = isSelf ? NodeId.None : node;
        if (_shared.Edges[edge] == known)
            return;
        _peers.Displace(_latest, _shared.Edges[edge]);
        _peers.Displace(_latest, known);
        _shared.Edges.Set(edge, known);
    }

    /// <summary>Takes a copy of a message, whole or not at all. <paramref name="number"/> counts the flow's accepted messages from 1.</summary>
    public SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        return _outbound.TryFind(flow, out var found) ? found.Send(now, message, out number) : SendResult.Closed;
    }

    /// <inheritdoc cref="OutboundFlows.SendUntil"/>
    public SendResult SendUntil(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, MonoTime deadline) => _outbound.SendUntil(now, flow, message, deadline);

    /// <summary>No more messages: what was accepted is still delivered, then a FlowClosed event comes. A second call does nothing.</summary>
    public void Close(MonoTime now, FlowHandle flow)
    {
        if (_outbound.TryFind(flow, out var found))
            found.Close(now);
    }

    /// <summary>The membership says that a node is gone: ends the flows in both directions. What arrived whole is still handed out.</summary>
    public void Revoke(MonoTime now, NodeId node)
    {
        _sealed?.Revoke(node);
        _peers.Revoke(now, node);
    }

    /// <inheritdoc cref="Peers.Leave"/>
    public void Leave(MonoTime now, NodeId node) => _peers.Leave(now, node);

    /// <summary>Whether the application has still to be told of the end of a flow to or from the node, which was left.</summary>
    public bool HoldsFlowsOf(NodeId node) => _peers.TryFind(node, out var peer) && peer.InboundCount + peer.UntoldEnds > 0;

    /// <inheritdoc cref="Peers.TryForget"/>
    public bool TryForget(NodeId node) => _peers.TryForget(node);

    /// <summary>The first hop to a node has room again, for which flows to it have waited since the gate said no; only where nodes are one hop away.</summary>
    public void Reopen(NodeId node)
    {
        if (_peers.TryFind(node, out var peer))
            peer.Reopen();
    }

    /// <summary>
    /// A packet for this node from the path, which vouches for <paramref name="origin"/>. The deadline stands on this
    /// node's clock; Realtime always has one, for the other classes it is never. The packet is not kept.
    /// </summary>
    public void HandlePacket(
        MonoTime now, NodeId origin, ServiceClass serviceClass, MonoTime deadline, bool marked, ReadOnlySpan<byte> packet, bool strained = false)
    {
        if (_sealed is { IsEmpty: false } && !_sealed.TryOpen(now, origin, serviceClass, packet, out packet))
        {
            _shared.Counters.PacketsReceived++;
            return;
        }

        _dispatch.HandlePacket(now, origin, serviceClass, deadline, marked, packet, strained);
        LookAfterStarved(now);
    }

    /// <summary>As <see cref="HandlePacket"/>, for what came by multicast and has this node among its destinations.</summary>
    public void HandleMulticastPacket(
        MonoTime now, NodeId origin, ServiceClass serviceClass, MonoTime deadline, bool marked, ReadOnlySpan<byte> packet)
    {
        if (_sealed is { IsEmpty: false } && _sealed.IsRefused(origin))
        {
            _shared.Counters.PacketsReceived++;
            return;
        }

        _dispatch.HandleMulticastPacket(now, origin, serviceClass, deadline, marked, packet);
        LookAfterStarved(now);
    }

    /// <summary>The first hop of a route's Realtime packets loses runs of them that are too long for its repair.</summary>
    public void NoteStrain(MonoTime now, NodeId destination, int token) => _peers.Get(destination).Paths.OnStrained(now, token);

    public void HandleTimeout(MonoTime now)
    {
        _latest = now;
        while (_shared.Timers.TryPopDue(now, out var item))
            item.HandleTimeout(now);
        LookAfterStarved(now);
    }

    /// <summary>
    /// The next packet to send, into a buffer of at least <see cref="TransportLimits.MaxTransmit"/> bytes. Call until it
    /// says no: that ends the round, and routes that the gate had shut are asked about again in the next one.
    /// </summary>
    public bool TryPollTransmit<TGate>(MonoTime now, ref TGate gate, Span<byte> buffer, out TransportTransmit transmit, out int length)
        where TGate : ITransmitGate, allows ref struct
    {
        if (buffer.Length < TransportLimits.MaxTransmit)
            throw new ArgumentException($"The buffer for a transport packet must have {TransportLimits.MaxTransmit} bytes.", nameof(buffer));
        _latest = now;
        do
        {
            if (!_shared.Scheduler.TryPoll(now, ref gate, buffer[..TransportLimits.MaxPacket], out transmit, out length))
                return false;
        }
        while (_sealed is { IsEmpty: false } && !_sealed.TrySeal(now, transmit, buffer, ref length));
        _shared.Counters.PacketsSent++;
        return true;
    }

    /// <summary>The next message that arrived, of any flow that is not paused. Its payload is lent until the next call.</summary>
    public bool TryReceive(MonoTime now, out ReceivedMessage message)
    {
        ReleaseLent();
        LookAfterStarved(now);
        while (_shared.Received.TryPop(out var flow))
        {
            var taken = flow.IsReceivable && flow.TryTake(now, out _lent, out var number) ? number : (ulong?)null;
            if (flow.IsReceivable)
                _shared.Received.Wake(flow);
            if (taken is null)
                continue;
            _lender = flow.Peer;
            _shared.Counters.MessagesDelivered++;
            _shared.Counters.BytesDelivered += _lent.Length;
            message = new ReceivedMessage(flow.Id, flow.Class, taken.Value, _lent.Deadline, PayloadOf(_lent));
            return true;
        }

        message = default;
        return false;
    }

    /// <summary>
    /// Leaves a flow's messages where they are, which in time stops a Signal or Bulk flow's origin, or hands them out
    /// again. False when the flow is not known.
    /// </summary>
    public bool SetPaused(FlowId flow, bool paused)
    {
        if (!_inbound.TryFind(flow, out var found))
            return false;
        found.SetPaused(paused);
        return true;
    }

    public bool TryPollEvent(out TransportEvent happened) => _shared.Events.TryPoll(out happened);

    /// <summary>The next time that Realtime flows went over to another route.</summary>
    public bool TryPollPathMove(out PathMove move) => _shared.PathMoves.TryDequeue(out move);

    /// <summary>The smoothed round trip of what was sent to a node and confirmed by it; before the first a cautious guess.</summary>
    public Duration RoundTripTo(NodeId node) => _peers.Get(node).Rtt.Smoothed;

    /// <summary>What is known of the routes to a node, for inspection; allocates.</summary>
    public IReadOnlyList<PathStatus> InspectPaths(MonoTime now, NodeId destination)
    {
        var peer = _peers.Get(destination);
        return [.. Enumerable.Range(0, WireLimits.MaxRoutes).Where(token => peer.Routes.Contains(token)).Select(token => peer.Paths.StatusOf(now, token))];
    }

    public IReadOnlyList<PairStatus> InspectPairs(MonoTime now) => _peers.InspectPairs(now);

    private ReadOnlySpan<byte> PayloadOf(in QueuedMessage message) => message.Buffer is not null
        ? message.Buffer.AsSpan(0, message.Length)
        : message.Place >= 0 ? _shared.Segments.Read(message.Place, message.Length) : default;

    private void ReleaseLent()
    {
        if (_lender is null)
            return;
        _shared.Release(_lender, _lent);
        _lender = null;
        _lent = default;
    }

    private void LookAfterStarved(MonoTime now)
    {
        if (!_shared.ReceiveMemory.WasFreed)
            return;
        _shared.ReceiveMemory.WasFreed = false;
        for (var left = Math.Min(_shared.Starved.Count, StarvedPerCall); left > 0; left--)
            _shared.Starved.Dequeue().RetryStarved(now);
    }
}
