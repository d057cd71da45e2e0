using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Clients;

/// <summary>
/// An edge's end of the transport to its clients: flows over their links, one hop long, with the promises of
/// <see cref="TransportLayer"/> for as long as the link stands. A part of its <see cref="Node"/>, which drives it: after each call to the
/// node take what <see cref="TryReceive"/>, <see cref="TryPollEvent"/> and the node's TryPollEvent have, until all say no. Nothing
/// comes of a client whose ClientUp was not taken, and its ClientDown comes when all that arrived whole, and the ends of its
/// flows, have been taken. No client reaches the overlay's flows or another client's, and what one holds of the edge's
/// memory is a share of what is free, so that none is without because others are greedy, false or silent.
/// </summary>
public sealed class ClientDesk
{
    private readonly NodeShared _shared;
    private readonly TransportLayer _transport;
    private readonly ClientPlaces _places;
    private readonly List<NodeEvent> _leaving = [];
    private readonly byte[] _draft = new byte[TransportLimits.MaxTransmit];

    internal ClientDesk(NodeShared shared)
    {
        _shared = shared;
        var bounds = shared.Options.ClientTransport with { FairParts = ClientLimits.FairParts, IsOneHop = true };
        _transport = new TransportLayer(ClientLimits.Life, bounds);
        _places = new ClientPlaces(_transport);
    }

    public TransportCounters Counters => _transport.Counters;

    /// <summary>Bytes of packet buffers that clients' links have in use.</summary>
    public long PacketMemoryInUse => _shared.ClientPool.RentedBytes;

    /// <summary>Bytes held for messages to clients that are not confirmed, or wait to be sent.</summary>
    public long SendMemoryInUse => _transport.SendBytes;

    /// <summary>Bytes held for what came from clients and was not taken, or waits for the rest of its message.</summary>
    public long ReceiveMemoryInUse => _transport.ReceiveBytes + _transport.JoinBytes;

    /// <summary>There may be packets for links.</summary>
    internal bool MayHaveWork { get; private set; }

    internal MonoTime NextTimeout => _transport.NextTimeout;

    /// <summary>Opens a flow of class Signal or Bulk to a client; <see cref="OpenResult.NoLink"/> where none stands at the place.</summary>
    public OpenResult OpenStream(ClientPlace place, ServiceClass serviceClass, byte priority, out FlowHandle flow)
    {
        flow = FlowHandle.None;
        return _places.TryFind(place, out _) ? _transport.OpenStream(place.AsNode, serviceClass, priority, routeToken: 0, out flow) : OpenResult.NoLink;
    }

    /// <summary>Opens a Realtime flow to a client; its messages are worth something for so long.</summary>
    public OpenResult OpenRealtime(ClientPlace place, byte priority, Duration deadline, out FlowHandle flow)
    {
        flow = FlowHandle.None;
        return _places.TryFind(place, out _) ? _transport.OpenRealtime(place.AsNode, priority, deadline, out flow) : OpenResult.NoLink;
    }

    /// <summary>Takes a copy of a message, whole or not at all. <paramref name="number"/> counts the flow's accepted messages from 1.</summary>
    public SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, out ulong number)
    {
        MayHaveWork = true;
        return _transport.Send(now, flow, message, out number);
    }

    /// <summary>The same for a message of a Realtime flow that is worth something until then, and no longer than the flow's deadline.</summary>
    public SendResult SendUntil(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message, MonoTime deadline)
    {
        MayHaveWork = true;
        return _transport.SendUntil(now, flow, message, deadline);
    }

    /// <summary>No more messages: what was accepted is still delivered, then the flow's end is told.</summary>
    public void CloseFlow(MonoTime now, FlowHandle flow)
    {
        MayHaveWork = true;
        _transport.Close(now, flow);
    }

    /// <summary>The next message of a client, whose place is <see cref="ClientPlace.Of"/> its flow; its payload is lent until the next call.</summary>
    public bool TryReceive(MonoTime now, out ReceivedMessage message)
    {
        MayHaveWork = true;
        message = default;
        return _shared.UntoldClients == 0 && _transport.TryReceive(now, out message);
    }

    /// <summary>Leaves a flow's messages where they are, which in time stops the client; the end of the client's link ends that too.</summary>
    public bool SetPaused(FlowId flow, bool paused) => _transport.SetPaused(flow, paused);

    /// <summary>What happened to flows to and from clients. Take it until it says no: then the clients that have left are told of.</summary>
    public bool TryPollEvent(out TransportEvent happened)
    {
        happened = default;
        if (_shared.UntoldClients > 0)
            return false;
        if (_transport.TryPollEvent(out happened))
            return true;
        for (var i = _leaving.Count - 1; i >= 0; i--)
        {
            if (_transport.HoldsFlowsOf(_leaving[i].Place.AsNode))
                continue;
            TellDown(_leaving[i]);
            _leaving[i] = _leaving[^1];
            _leaving.RemoveAt(_leaving.Count - 1);
        }

        return false;
    }

    /// <summary>The link's smoothed round trip; zero where no client is, or nothing is known yet.</summary>
    public Duration RoundTripTo(ClientPlace place) => _places.TryFind(place, out var slot) ? slot.Link.Rtt.Smoothed : Duration.Zero;

    /// <summary>Ends a client's link, and tells it why. False where no client is.</summary>
    public bool Disconnect(ClientPlace place, CloseReason reason)
    {
        if (!_places.TryFind(place, out var slot))
            return false;
        slot.Link.Close(reason);
        _shared.Schedule.MarkReady(slot);
        return true;
    }

    internal bool TryTakePlace(MonoTime now, out ClientPlace place) => _places.TryTake(now, out place);

    /// <summary>A client's link carries its first packet.</summary>
    internal void OnUp(LinkSlot slot)
    {
        _places.Seat(slot);
        _shared.Tell(new(NodeEventKind.ClientUp, NodeId.None, slot.Client, slot.Link.PeerAddress, CloseReason.None) { Place = slot.Place, Grant = slot.Grant });
    }

    /// <summary>It is over, and so are the flows over it.</summary>
    internal void OnDown(MonoTime now, LinkSlot slot, CloseReason reason)
    {
        _places.Unseat(slot);
        _transport.Leave(now, slot.Place.AsNode);
        _places.Rest(now, slot.Place);
        var down = new NodeEvent(NodeEventKind.ClientDown, NodeId.None, slot.Client, slot.Link.PeerAddress, reason) { Place = slot.Place, Grant = slot.Grant };
        if (_transport.HoldsFlowsOf(slot.Place.AsNode))
            _leaving.Add(down);
        else
            TellDown(down);
    }

    /// <summary>A client's link has gone before it carried anything.</summary>
    internal void OnNeverUp(LinkSlot slot) => _places.Return(slot.Place);

    /// <summary>A packet of a client's: never anything but its transport's.</summary>
    internal void HandlePacket(MonoTime now, LinkSlot slot, ServiceClass serviceClass, ReadOnlySpan<byte> bytes)
    {
        if (!ClientLink.TryRead(now, slot.Link, serviceClass, bytes, _shared.Drops, out var packet, out var deadline))
            return;
        MayHaveWork = true;
        _transport.HandlePacket(now, slot.Place.AsNode, serviceClass, deadline, marked: false, packet.Payload);
    }

    internal void HandleTimeout(MonoTime now)
    {
        MayHaveWork = true;
        _transport.HandleTimeout(now);
    }

    /// <summary>A link has sent what it could: where the transport waits for it, it may have room.</summary>
    internal void OnPolled(LinkSlot slot)
    {
        if (!slot.IsShut)
            return;
        slot.IsShut = false;
        MayHaveWork = true;
        _transport.Reopen(slot.Place.AsNode);
    }

    internal bool HasRoom(ClientPlace place, ServiceClass serviceClass)
    {
        if (!_places.TryFind(place, out var slot) || ClientLink.HasRoom(slot.Link, _shared.ClientPool, serviceClass))
            return true;
        slot.IsShut = true;
        return false;
    }

    /// <summary>The transport keeps nothing of a client that is gone.</summary>
    private void TellDown(in NodeEvent down)
    {
        _transport.TryForget(down.Place.AsNode);
        _shared.Tell(down);
    }

    /// <summary>Moves packets from the transport to the links, as long as those have room.</summary>
    internal void Pump(MonoTime now)
    {
        if (!MayHaveWork)
            return;
        MayHaveWork = false;
        var gate = new ClientGate(this);
        while (_transport.TryPollTransmit(now, ref gate, _draft, out var transmit, out var length))
        {
            if (!_places.TryFind(new(transmit.Destination.Value), out var slot))
            {
                _shared.Drops.Add(DropReason.NoLink);
                continue;
            }

            ClientLink.Send(now, slot.Link, _shared.ClientPool, _shared.Drops, transmit, _draft.AsSpan(0, length));
            _shared.Schedule.MarkReady(slot);
        }
    }
}
