using WeCan.Contracts.Control.Access;
using WeCan.Protocol.Handshakes;
using WeCan.Runtime.Sockets;

namespace WeCan.Runtime.Daemons;

/// <summary>What a daemon of the overlay runs on its node.</summary>
public sealed record OverlayPlan
{
    public required OverlaySettings Settings { get; init; }

    /// <summary>What lives on the node, in the order in which it is told of things.</summary>
    public IReadOnlyList<IOverlayHost> Hosts { get; init; } = [];

    /// <summary>Who says whether a client's token is good, on the loop's thread; null for a node that takes no clients.</summary>
    public IClientTokenVerifier? ClientTokens { get; init; }

    /// <summary>Told what the controller says of the access to the bus, and this node's region, on the control client's thread; null for a node that need not know.</summary>
    public Action<OverlayDriver, AccessReplica, string>? Access { get; init; }

    /// <summary>Sockets of theirs for the node's loop to drive; null for none.</summary>
    public SocketSet? Sockets { get; init; }
}
