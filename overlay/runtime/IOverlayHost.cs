using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime;

/// <summary>
/// What lives on a node: a relay's bookkeeping, an edge's broker. The loop calls it, on its own thread, and hands it the node
/// to act on at once; no other thread may touch the node. Never block here: every flow of the node waits meanwhile. Do not
/// keep a message's payload either, and leave polling the node to the loop. An exception that leaves a host ends the loop.
/// </summary>
public interface IOverlayHost
{
    /// <summary>When <see cref="OnTimeout"/> is to be called at the latest; read on every turn.</summary>
    MonoTime NextTimeout { get; }

    /// <summary>Something that an operator should read, as one sentence; before the loop's first turn.</summary>
    void OnNotice(string notice);

    void OnTimeout(Node node, MonoTime now);

    /// <summary>A message arrived. Its payload is lent until this returns.</summary>
    void OnMessage(Node node, MonoTime now, in ReceivedMessage message);

    void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened);

    void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened);

    /// <summary>
    /// A client's message arrived; whose, its flow tells (<see cref="ClientPlace.Of"/>). After the client's ClientUp, and before its
    /// ClientDown, which <see cref="OnNodeEvent"/> is told of. For hosts of a node that takes clients.
    /// </summary>
    void OnClientMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
    }

    /// <summary>Something happened to a flow to or from a client.</summary>
    void OnClientEvent(Node node, MonoTime now, in TransportEvent happened)
    {
    }
}
