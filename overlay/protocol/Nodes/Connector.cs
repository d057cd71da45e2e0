using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// Who this node knows and how links to them come about: the membership, the handshakes in both directions, and the
/// links' beginnings and ends.
/// </summary>
internal sealed class Connector : IDisposable
{
    private readonly NodeShared _shared;
    private readonly LinkKeeper _keeper;
    private readonly Dialer _dialer;
    private readonly Admission _admission;

    public Connector(NodeShared shared, ClientDesk desk)
    {
        _shared = shared;
        _keeper = new LinkKeeper(shared, desk);
        _dialer = new Dialer(shared, _keeper);
        _admission = new Admission(shared, _keeper, _dialer);
    }

    public MonoTime NextTimeout => _dialer.NextTimeout;

    public bool TryAddPeer(MonoTime now, NodeId id, P256PublicKey key, ReadOnlySpan<NetAddress> addresses)
    {
        var peer = new Peer(id, key) { DialAt = now };
        if (id.IsNone || key.IsNone || addresses.Length > NodeLimits.MaxAddresses || !_shared.Peers.TryAdd(peer))
            return false;
        peer.Addresses.Set(addresses);
        _dialer.Wake(now);
        return true;
    }

    public bool TryChangePeer(MonoTime now, NodeId id, P256PublicKey key, ReadOnlySpan<NetAddress> addresses)
    {
        if (key.IsNone || addresses.Length > NodeLimits.MaxAddresses || !_shared.Peers.TryGet(id, out var peer))
            return false;
        var hasNewKey = key != peer.Key;
        if (!_shared.Peers.TrySetKey(peer, key))
            return false;

        // What was sealed to the key before is answered by nobody.
        if (hasNewKey)
            _dialer.Abandon(peer);
        if (peer.Addresses.Set(addresses) || hasNewKey)
            _dialer.OnNewAddresses(now, peer);
        return true;
    }

    public void RemovePeer(NodeId id)
    {
        if (!_shared.Peers.TryGet(id, out var peer))
            return;
        _shared.Peers.Remove(peer);
        _dialer.Abandon(peer);
        if (peer.Pending is { } pending)
            _keeper.Remove(pending);
        if (peer.Active is not { } active)
            return;
        active.Link.Close(CloseReason.Revoked);
        _shared.Schedule.MarkReady(active);
    }

    public void SetLinkUse(MonoTime now, NodeId id, LinkUse use)
    {
        if (!_shared.Peers.TryGet(id, out var peer) || peer.Use == use)
            return;
        peer.Use = use;
        if (peer.Active is not { } active)
            return;
        active.Link.Liveness.SetUse(now, use);
        _shared.Schedule.MarkReady(active);
    }

    /// <summary>A datagram that is not sealed: a handshake's, or nothing.</summary>
    public void HandleHandshake(MonoTime now, NetAddress from, ReadOnlySpan<byte> datagram)
    {
        switch (datagram.IsEmpty ? 0 : datagram[0])
        {
            case HandshakeWire.NodeInitiation:
                _admission.HandleNode(now, from, datagram);
                break;
            case HandshakeWire.ClientInitiation:
                _admission.HandleClient(now, from, datagram);
                break;
            case HandshakeWire.NodeResponse:
                _dialer.HandleResponse(now, from, datagram);
                break;
            case HandshakeWire.CookieReply:
                _dialer.HandleCookie(now, from, datagram);
                break;
            default:
                _shared.Drops.Add(DropReason.MalformedDatagram);
                break;
        }
    }

    /// <summary>The first authenticated packet of a link that this node answered: from here on it is the one in use.</summary>
    public void Confirm(MonoTime now, LinkSlot slot)
    {
        if (slot.Peer is { } peer)
            _dialer.Abandon(peer);
        _keeper.Activate(now, slot);
    }

    public void OnLinkDead(MonoTime now, LinkSlot slot)
    {
        _keeper.OnDead(now, slot);
        _dialer.Wake(now);
    }

    public void HandleTimeout(MonoTime now) => _dialer.HandleTimeout(now);

    public void HandleTimeout(MonoTime now, LinkSlot slot) => _keeper.HandleTimeout(now, slot);

    public void CloseAll(CloseReason reason)
    {
        _dialer.Stop();
        foreach (var slot in _shared.Peers.Links)
        {
            slot.Link.Close(reason);
            _shared.Schedule.MarkReady(slot);
        }
    }

    public LinkCounters SumLinks()
    {
        var sum = new LinkCounters();
        sum.Add(_shared.LinksGone);
        foreach (var slot in _shared.Peers.Links)
            sum.Add(slot.Link.Counters);
        return sum;
    }

    public IReadOnlyList<LinkStatus> InspectLinks() =>
        [.. _shared.Peers.Links.Where(slot => !slot.IsPending).Select(slot => slot.Inspect())];

    public void Dispose()
    {
        foreach (var slot in _shared.Peers.Links.ToArray())
            _keeper.Remove(slot);
        foreach (var peer in _shared.Peers.All)
            _dialer.Abandon(peer);
        _admission.Dispose();
        while (_shared.Stranded.Take() is { } packet)
        {
            _shared.Drops.Add(DropReason.LinkDied);
            _shared.Pool.Return(packet);
        }
    }
}
