using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// The life of a node's links from the handshake's result to their end: pending, in use, dead. Invariant: a member has at most
/// one link in use and one pending; the pending one changes nothing before its first authenticated packet.
/// </summary>
internal sealed class LinkKeeper(NodeShared shared, ClientDesk desk)
{
    private int _clientLinks;
    private int _pendingClients;

    public AdmittedClients Admitted { get; } = new();

    /// <summary>Makes a link of a handshake's result, which it takes over.</summary>
    public LinkSlot Add(MonoTime now, HandshakeResult result, NetAddress address, Duration rtt, Duration longestRtt, Peer peer)
    {
        var slot = new LinkSlot(MakeLink(now, result, address, rtt, longestRtt, peer), peer, now);
        shared.Peers.AddLink(slot);
        return slot;
    }

    /// <summary>The same for a client, at the place that it is to have.</summary>
    public LinkSlot AddClient(MonoTime now, HandshakeResult result, NetAddress address, in ClientGrant grant, ClientPlace place)
    {
        var slot = new LinkSlot(MakeLink(now, result, address, Duration.Zero, Duration.Zero, peer: null), peer: null, now) { Grant = grant, Place = place };
        shared.Peers.AddLink(slot);
        _clientLinks++;
        return slot;
    }

    /// <summary>A place for one more client; its link must follow. False, and counted, where there is none.</summary>
    public bool TryAdmit(MonoTime now, out ClientPlace place)
    {
        place = ClientPlace.None;
        if (_clientLinks < shared.Options.MaxClients && _pendingClients < NodeLimits.MaxPendingClients && desk.TryTakePlace(now, out place))
            return true;
        shared.Drops.Add(DropReason.TooManyLinks);
        return false;
    }

    private Link MakeLink(MonoTime now, HandshakeResult result, NetAddress address, Duration rtt, Duration longestRtt, Peer? peer)
    {
        var keys = new LinkKeys(result.Secrets, shared.Random, now);
        var options = new LinkOptions(
            result.OwnLink, result.PeerLink, address, result.Secrets.IsInitiator, shared.Options.Coalesces, rtt, longestRtt, (uint)result.Times.PeerSentMicroseconds,
            peer is null ? LinkLimits.DeadAfter : shared.Options.ShortestSilence, peer is null ? null : shared.Budget, shared.Options.MaxDatagram);
        return new Link(options, keys, peer is null ? shared.ClientPool : shared.Pool, shared.Drops, now);
    }

    /// <summary>A link that this node answered waits for its initiator's first packet, but not for long.</summary>
    public void Suspend(LinkSlot slot)
    {
        slot.IsPending = true;
        if (slot.Peer is { } peer)
        {
            if (peer.Pending is { } older)
                Remove(older);
            peer.Pending = slot;
        }
        else
        {
            _pendingClients++;
        }

        shared.Schedule.WakeAt(slot, slot.PendingUntil);
    }

    /// <summary>The link is in use from now on; the one before it, if any, is over.</summary>
    public void Activate(MonoTime now, LinkSlot slot)
    {
        var wasPending = slot.IsPending;
        slot.IsPending = false;
        shared.Schedule.MarkReady(slot);
        if (slot.Peer is not { } peer)
        {
            _pendingClients -= wasPending ? 1 : 0;
            ActivateClient(now, slot);
            return;
        }

        if (peer.Pending == slot)
            peer.ForgetPending();
        if (peer.Active is { } before)
            Retire(before);
        peer.Active = slot;
        slot.ProvenAt = peer.Probation.ProvenAt(now);
        slot.Link.Liveness.SetUse(now, peer.Use);
        slot.Link.Liveness.TryOut(now, slot.ProvenAt);
        peer.DialAt = MonoTime.Never;
        shared.Tell(new(NodeEventKind.LinkUp, peer.Id, ClientId.None, slot.Link.PeerAddress, CloseReason.None));
    }

    /// <summary>The link has died; it is taken out, and its member, if it has an address, will be called again.</summary>
    public void OnDead(MonoTime now, LinkSlot slot)
    {
        var wasActive = slot.Peer?.Active == slot;
        if (!Retire(slot))
            return;
        if (slot.Peer is { } peer)
        {
            if (!wasActive)
                return;
            if (slot.Link.PeerClosed is CloseReason.None or CloseReason.Silence)
                peer.Probation.OnDeath(now, slot.ProvenAt);
            peer.DialAt = now;

            // It is tried first: a round that is under way begins anew with it.
            peer.Addresses.Prefer(slot.Link.PeerAddress);
            peer.Attempt?.Next = 0;
            shared.Tell(new(NodeEventKind.LinkDown, peer.Id, ClientId.None, slot.Link.PeerAddress, slot.Link.PeerClosed));
        }
        else if (!slot.IsPending)
        {
            desk.OnDown(now, slot, slot.Link.PeerClosed);
        }
    }

    /// <summary>The client that comes again in the same session has given its older link up.</summary>
    private void ActivateClient(MonoTime now, LinkSlot slot)
    {
        var older = slot.Admitted?.Active;
        slot.Admitted?.Answer = null;
        slot.Admitted?.Active = slot;
        if (older is not null && Remove(older))
            desk.OnDown(now, older, CloseReason.Superseded);
        desk.OnUp(slot);
    }

    /// <summary>Takes out a link that was in use. What a member's held can go another way; a client has no other. False if it is out already.</summary>
    private bool Retire(LinkSlot slot)
    {
        if (slot.Peer is not null)
            slot.Link.TakeHeld(ref shared.Stranded);
        return Remove(slot);
    }

    /// <summary>Takes a link out of the node and frees what it held; false if it is out already.</summary>
    public bool Remove(LinkSlot slot)
    {
        if (!shared.Peers.RemoveLink(slot))
            return false;
        shared.LinksGone.Add(slot.Link.Counters);
        shared.Schedule.Remove(slot);
        slot.Link.Dispose();
        if (slot.Peer is not null)
            return true;
        _clientLinks--;
        Admitted.OnRemoved(slot);
        if (!slot.IsPending)
            return true;
        _pendingClients--;
        desk.OnNeverUp(slot);
        return true;
    }

    /// <summary>A link's time has come.</summary>
    public void HandleTimeout(MonoTime now, LinkSlot slot)
    {
        if (slot.IsPending && now >= slot.PendingUntil)
        {
            Remove(slot);
            return;
        }

        slot.Link.HandleTimeout(now);
        if (slot.IsPending && !slot.Link.IsDead)
            shared.Schedule.WakeAt(slot, slot.PendingUntil);
        else
            shared.Schedule.MarkReady(slot);
    }
}
