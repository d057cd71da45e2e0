using WeCan.Contracts;

namespace WeCan.Protocol.Nodes;

/// <summary>The members that a node knows, the links that it has and the attempts that it makes, found by node number, public key, and LinkId.</summary>
internal sealed class PeerTable(int maxPeers)
{
    private readonly Dictionary<NodeId, Peer> _byId = [];
    private readonly Dictionary<Crypto.P256PublicKey, Peer> _byKey = [];
    private readonly Dictionary<LinkId, LinkSlot> _links = [];
    private readonly Dictionary<LinkId, Attempt> _attempts = [];

    public int LinkCount => _links.Count;

    public Dictionary<NodeId, Peer>.ValueCollection All => _byId.Values;

    public Dictionary<LinkId, LinkSlot>.ValueCollection Links => _links.Values;

    /// <summary>False when the number or the key is taken, or the table is full.</summary>
    public bool TryAdd(Peer peer)
    {
        if (_byId.Count >= maxPeers || _byId.ContainsKey(peer.Id) || !_byKey.TryAdd(peer.Key, peer))
            return false;
        _byId.Add(peer.Id, peer);
        return true;
    }

    /// <summary>False when another member has the key.</summary>
    public bool TrySetKey(Peer peer, Crypto.P256PublicKey key)
    {
        if (key == peer.Key)
            return true;
        if (!_byKey.TryAdd(key, peer))
            return false;
        _byKey.Remove(peer.Key);
        peer.Key = key;
        return true;
    }

    public void Remove(Peer peer)
    {
        _byId.Remove(peer.Id);
        _byKey.Remove(peer.Key);
    }

    public bool TryGet(NodeId id, out Peer peer) => _byId.TryGetValue(id, out peer!);

    public bool TryGet(Crypto.P256PublicKey key, out Peer peer) => _byKey.TryGetValue(key, out peer!);

    public bool TryGetLink(LinkId id, out LinkSlot slot) => _links.TryGetValue(id, out slot!);

    public bool TryGetAttempt(LinkId id, out Attempt attempt) => _attempts.TryGetValue(id, out attempt!);

    public bool IsTaken(LinkId id) => id == LinkId.None || _links.ContainsKey(id) || _attempts.ContainsKey(id);

    public void AddAttempt(Attempt attempt) => _attempts.Add(attempt.Initiator.OwnLink, attempt);

    public void RemoveAttempt(Attempt attempt) => _attempts.Remove(attempt.Initiator.OwnLink);

    public void AddLink(LinkSlot slot) => _links.Add(slot.Link.Id, slot);

    /// <summary>Forgets a link, here and in its member. False when it was forgotten before.</summary>
    public bool RemoveLink(LinkSlot slot)
    {
        if (!_links.TryGetValue(slot.Link.Id, out var found) || found != slot)
            return false;
        _links.Remove(slot.Link.Id);
        if (slot.Peer is not { } peer)
            return true;
        if (peer.Active == slot)
            peer.Active = null;
        if (peer.Pending == slot)
            peer.ForgetPending();

        return true;
    }
}
