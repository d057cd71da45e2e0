using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>What the three parts of a desk have in common: who there is, what time it is, and what the desk's host has to be told.</summary>
internal sealed class InterestShared(NodeId self, ulong seed)
{
    public NodeId Self { get; } = self;

    public ulong Seed { get; } = seed;

    /// <summary>The time of the call that is under way.</summary>
    public MonoTime Now { get; set; }

    public EdgeViews Views { get; } = new();

    /// <summary>The other edges of the membership.</summary>
    public Dictionary<NodeId, Peer> Peers { get; } = [];

    public InterestCounters Counters { get; } = new();

    /// <summary>Those for which there may be something to take.</summary>
    public HashSet<Peer> Ready { get; } = [];

    /// <summary>Those for whom too much waits.</summary>
    public List<Peer> Flooded { get; } = [];

    public Queue<ulong> Confirmed { get; } = new();

    /// <summary>Something came that may have put a publish in step.</summary>
    public bool HasArrivals { get; set; }

    /// <summary>A message was cut short not for want of room but to be quick: there is more to take at once.</summary>
    public bool HasMore { get; set; }

    /// <summary>Some edge is watched until then.</summary>
    public MonoTime WatchedUntil { get; private set; }

    public bool IsAlone => Peers.Count == 0;

    public Peer? Find(NodeId edge) => Peers.GetValueOrDefault(edge);

    /// <summary>Something was put into a queue of the peer's.</summary>
    public void MarkReady(Peer peer)
    {
        Ready.Add(peer);
        if (peer.IsFlooded)
            Flooded.Add(peer);
    }

    /// <summary>Pings the edge for a while, so that its silence means something.</summary>
    public void Watch(Peer peer, Duration duration)
    {
        if (peer.WatchedUntil < Now)
            peer.WatchedSince = Now;
        peer.WatchedUntil = MonoTime.Max(peer.WatchedUntil, Now + duration);
        WatchedUntil = MonoTime.Max(WatchedUntil, peer.WatchedUntil);
    }

    /// <summary>For how long nothing was heard of an edge that is watched.</summary>
    public Duration SilenceOf(Peer peer) => peer.WatchedUntil < Now ? Duration.Zero : Now - MonoTime.Max(peer.HeardAt, peer.WatchedSince);
}
