using WeCan.Contracts;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Transport;

/// <summary>All nodes that this one has sent to or heard from, and which life each is in.</summary>
internal sealed class Peers(TransportShared shared)
{
    private readonly Dictionary<NodeId, Peer> _peers = [];

    /// <summary>Nobody in particular: holds the multicast flows of this node, which are numbered apart.</summary>
    public Peer Group { get; } = new(shared, NodeId.None);

    public bool TryFind(NodeId id, out Peer peer) => _peers.TryGetValue(id, out peer!);

    /// <summary>What is counted of Realtime packets to and from each, where there were any; allocates.</summary>
    public IReadOnlyList<PairStatus> InspectPairs(MonoTime now)
    {
        var pairs = new List<PairStatus>();
        foreach (var peer in _peers.Values)
        {
            if (peer.StatusOf(now) is { } status)
                pairs.Add(status);
        }

        return pairs;
    }

    public Peer Get(NodeId id)
    {
        if (_peers.TryGetValue(id, out var known))
            return known;
        var peer = new Peer(shared, id);
        _peers.Add(id, peer);
        return peer;
    }

    /// <summary>
    /// A packet shows its sender's life. False for a life before the latest: whatever the packet says is over. A new life
    /// ends what was bound to the ones before it. Where the two seal, the session has shown it (<see cref="Prove"/>), and
    /// what a packet says otherwise is nothing.
    /// </summary>
    public bool TryObserve(MonoTime now, NodeId id, BootEpoch life, out Peer peer)
    {
        peer = Get(id);
        if (life == peer.Life)
            return true;
        if (life < peer.Life || peer.Sealing is not null)
        {
            shared.Counters.Drop(TransportDrop.StaleLife);
            return false;
        }

        BeginLife(now, peer, life);
        return true;
    }

    /// <summary>
    /// A session of the node's keys shows its life beyond doubt. So a greater one that was shown before was another's lie, in
    /// the clear; and what was sent to the node before opens nowhere. Nor does it where the node has lost its keys and lives on.
    /// </summary>
    public void Prove(MonoTime now, Peer peer, BootEpoch life, bool hasLostKeys)
    {
        if (life == BootEpoch.None || (life == peer.Life && !hasLostKeys))
            return;
        if (life != peer.Life)
            BeginLife(now, peer, life);
        for (var flow = peer.Outbound.First; flow is not null; flow = flow.NextOfPeer)
            (flow as StreamSender)?.SendAnew(now);
    }

    /// <summary>The membership took the node out: nothing with it goes on. Its latest life stays known.</summary>
    public void Revoke(MonoTime now, NodeId id)
    {
        LeaveAudiences(id, FlowEndReason.Revoked);
        if (!_peers.TryGetValue(id, out var peer))
            return;
        peer.Bar(now);
        EndInbound(now, peer, FlowEndReason.Revoked);
        while (peer.Outbound.First is OutboundFlow flow)
            flow.End(now, FlowEndReason.Revoked);
        LeaveMulticast(now, peer, FlowEndReason.Revoked);
    }

    /// <summary>
    /// The only link to the node is gone, and its place will be another's: nothing with it goes on, and nothing of it is told to whoever
    /// comes next. See <see cref="TryForget"/>.
    /// </summary>
    public void Leave(MonoTime now, NodeId id)
    {
        if (!_peers.TryGetValue(id, out var peer))
            return;
        EndInbound(now, peer, FlowEndReason.LinkGone);
        while (peer.Outbound.First is OutboundFlow flow)
            flow.End(now, FlowEndReason.LinkGone);
        peer.Leave();
    }

    /// <summary>Forgets a node that was left, its latest life included; false while an application has not been told of all of its flows' ends.</summary>
    public bool TryForget(NodeId id)
    {
        if (!_peers.TryGetValue(id, out var peer))
            return true;
        return peer.InboundCount == 0 && _peers.Remove(id);
    }

    /// <summary>
    /// No multicast goes to the node any more: its place in the edge index is another's, or nobody's, so that it would not be
    /// found, or nothing may go to it in the clear. The flows of which it is a destination lose it.
    /// </summary>
    public void Displace(MonoTime now, NodeId id, FlowEndReason reason = FlowEndReason.Revoked)
    {
        LeaveAudiences(id, reason);
        if (_peers.TryGetValue(id, out var peer))
            LeaveMulticast(now, peer, reason);
    }

    private void BeginLife(MonoTime now, Peer peer, BootEpoch life)
    {
        peer.Life = life;
        peer.Numbers = default;
        peer.MulticastNumbers = default;
        EndInbound(now, peer, FlowEndReason.Restarted);
        for (var flow = peer.Outbound.First; flow is not null;)
        {
            var next = flow.NextOfPeer;
            (flow as StreamSender)?.HandleNewLife(now, life);
            flow = next;
        }

        for (var i = peer.Destinations.Count - 1; i >= 0; i--)
        {
            var member = peer.Destinations[i];
            if (member.Life != BootEpoch.None)
                member.Flow.Lose(now, member, FlowEndReason.Restarted);
        }
    }

    /// <summary>A Realtime flow to many knows places of the edge index only, so it forgets the place before another takes it.</summary>
    private void LeaveAudiences(NodeId id, FlowEndReason reason)
    {
        if (shared.Edges.IndexOf(id) is not (var edge and >= 0))
            return;
        for (var flow = Group.Outbound.First; flow is not null; flow = flow.NextOfPeer)
            (flow as RealtimeMulticast)?.Lose((ushort)edge, id, reason);
    }

    private static void LeaveMulticast(MonoTime now, Peer peer, FlowEndReason reason)
    {
        for (var i = peer.Destinations.Count - 1; i >= 0; i--)
            peer.Destinations[i].Flow.Lose(now, peer.Destinations[i], reason);
    }

    private static void EndInbound(MonoTime now, Peer peer, FlowEndReason reason)
    {
        while (peer.Inbound.First is InboundFlow flow)
        {
            // A copy of a Realtime packet, on another route or late, would find a new flow that knows nothing of the first.
            if (reason == FlowEndReason.Revoked && flow.Id.Number < MulticastSegmentHeader.NumberBase)
                peer.Numbers.Decide(flow.Id.Number);
            flow.End(now, reason);
        }
    }
}
