using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>
/// Whom the nodes' applications tell what they did and what they were told, as it happens. The judge is one; tests put
/// another before it that lies, to see that the judge notices.
/// </summary>
public interface ISwarmWitness
{
    /// <summary>An application has opened a planned flow.</summary>
    FlowUse OnOpened(SwarmFlow flow, BootEpoch life);

    /// <summary>A node has taken a message to carry.</summary>
    void OnAccepted(FlowUse use, ulong number, int size);

    /// <summary>The origin was told that the destination has so many messages.</summary>
    void OnConfirmed(FlowUse use, ulong messages);

    /// <summary>The origin was told that the flow is over.</summary>
    void OnEnded(FlowUse use, in TransportEvent end);

    /// <summary>The application of a node got a message. Answers whose it is, if it can tell.</summary>
    SwarmFlow? OnDelivered(int place, BootEpoch life, FlowId flow, ServiceClass serviceClass, ulong number, ReadOnlySpan<byte> payload);

    /// <summary>The destination was told that the flow is over.</summary>
    void OnInboundEnded(int place, BootEpoch life, FlowId flow, FlowEndReason reason);

    void OnLink(int place, in NodeEvent happened);

    /// <summary>A node is told, just now, that another is no member.</summary>
    void OnRemoved(int place, int other);

    /// <summary>Who is told of multicast flows, but for what is delivered.</summary>
    internal MulticastJudge Multicasts { get; }

    /// <summary>Who is told of flows between clients and edges, but for what is delivered.</summary>
    internal ClientJudge Clients { get; }

    /// <summary>A client's edge, or the client, got a message of the other.</summary>
    void OnClientDelivered(int client, bool isUp, ServiceClass serviceClass, ReadOnlySpan<byte> payload);

    /// <summary>A node's program is gone, with everything that it knew.</summary>
    void OnDied(int place, BootEpoch life);

    /// <summary>Something is not as it must be.</summary>
    void Complain(string what);
}
