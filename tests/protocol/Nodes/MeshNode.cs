using WeCan.Contracts;
using WeCan.Protocol.Crypto;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Tests.Nodes;

/// <summary>A node of a <see cref="NodeMesh"/>, with all that it has told its host.</summary>
internal sealed class MeshNode(Node node, P256KeyPair key, NetAddress address) : IDisposable
{
    private readonly Dictionary<NetAddress, NetAddress> _writtenTo = [];

    public Node Node { get; } = node;

    public P256KeyPair Key { get; } = key;

    /// <summary>Where its datagrams come from; a test may move it.</summary>
    public NetAddress Address { get; set; } = address;

    /// <summary>Where else it is reached; see <see cref="SourceFor"/>.</summary>
    public List<NetAddress> OtherAddresses { get; } = [];

    public NodeId Id => Node.Options.Id;

    public List<NodeEvent> Events { get; } = [];

    public List<TransportEvent> TransportEvents { get; } = [];

    public List<MeshMessage> Received { get; } = [];

    /// <summary>Does not exist any more: takes and sends nothing.</summary>
    public bool IsGone { get; set; }

    public long DatagramsSent { get; set; }

    public long BytesSent { get; set; }

    public int Wakeups { get; set; }

    public bool IsAt(NetAddress address) => Address == address || OtherAddresses.Contains(address);

    /// <summary>Somebody wrote to one of its addresses: he is answered from there, as a socket on all addresses does.</summary>
    public void OnWrittenTo(NetAddress from, NetAddress own) => _writtenTo[from] = own;

    /// <summary>Where a datagram to this address leaves; none where the node has no address of the family.</summary>
    public NetAddress SourceFor(NetAddress to) =>
        _writtenTo.TryGetValue(to, out var own) && IsAt(own) ? own
        : Address.IsIPv4 == to.IsIPv4 ? Address
        : OtherAddresses.Find(other => other.IsIPv4 == to.IsIPv4);

    public int Ups(NodeId peer) => Events.Count(e => e.Kind == NodeEventKind.LinkUp && e.Peer == peer);

    public int Downs(NodeId peer) => Events.Count(e => e.Kind == NodeEventKind.LinkDown && e.Peer == peer);

    public LinkStatus? LinkTo(MeshNode other) =>
        Node.InspectLinks().Where(link => link.Peer == other.Id).Select(link => (LinkStatus?)link).SingleOrDefault();

    public void Dispose() => Node.Dispose();
}
