using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Handshakes;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Nodes;

/// <summary>What happened to a node's links, for whoever logs and reports it.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Peer">The member, or none.</param>
/// <param name="Client">The client, or none.</param>
/// <param name="Address">Where the other end is.</param>
/// <param name="Reason">Why a link went down, if the peer said so.</param>
public readonly record struct NodeEvent(NodeEventKind Kind, NodeId Peer, ClientId Client, NetAddress Address, CloseReason Reason)
{
    /// <summary>Where the node has the client, until it is down; none for a member.</summary>
    public ClientPlace Place { get; init; }

    /// <summary>What the client's token grants, for whoever lets it in: the node looks at none of it.</summary>
    public ClientGrant Grant { get; init; }
}
