using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Links;
using WeCan.Protocol.Paths;

namespace WeCan.Protocol.Nodes;

/// <summary>What the parts of one node have in common: who it is, its tables, its memory, and what it counts and tells.</summary>
internal sealed class NodeShared(NodeOptions options, DeterministicRandom random, DropCounters drops)
{
    public NodeOptions Options { get; } = options;

    public NodeIdentity Identity { get; } = new(options.Key, options.Id, options.Epoch);

    public HandshakeCapabilities Capabilities { get; } = HandshakeCapabilities.Default;

    public DeterministicRandom Random { get; } = random;

    public DropCounters Drops { get; } = drops;

    public PathCounters Paths { get; } = new();

    /// <summary>What links did that are no more.</summary>
    public LinkCounters LinksGone { get; } = new();

    public LinkSchedule Schedule { get; } = new();

    public PeerTable Peers { get; } = new(options.MaxPeers);

    public PacketPool Pool { get; } = new(options.PacketMemory);

    /// <summary>Clients' packets have memory of their own: whatever they do, members' find room.</summary>
    public PacketPool ClientPool { get; } = new(options.ClientPacketMemory);

    public ProbeBudget Budget { get; } = new();

    public Outbox Outbox { get; } = new();

    private readonly Queue<NodeEvent> _events = new();
    private PacketList _stranded;

    /// <summary>Clients that the host has not been told of.</summary>
    public int UntoldClients { get; private set; }

    /// <summary>What links held when they died; the path layer sends it another way before anything else is sent.</summary>
    public ref PacketList Stranded => ref _stranded;

    /// <summary>A LinkId that no link and no attempt of this node has.</summary>
    public LinkId DrawLinkId()
    {
        LinkId id;
        do
            id = new LinkId(Random.NextUInt32());
        while (Peers.IsTaken(id));
        return id;
    }

    /// <summary>Tells the host; if it does not listen, the oldest news goes.</summary>
    public void Tell(NodeEvent happened)
    {
        if (_events.Count >= NodeLimits.MaxEvents + (2 * Options.MaxClients))
            TryTakeEvent(out _);
        UntoldClients += happened.Kind == NodeEventKind.ClientUp ? 1 : 0;
        _events.Enqueue(happened);
    }

    public bool TryTakeEvent(out NodeEvent happened)
    {
        if (!_events.TryDequeue(out happened))
            return false;
        UntoldClients -= happened.Kind == NodeEventKind.ClientUp ? 1 : 0;
        return true;
    }
}
