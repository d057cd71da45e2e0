using WeCan.Contracts;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;

namespace WeCan.Protocol.Clients;

/// <summary>What an edge keeps for one client, and what a client keeps: this implementation's tuning, not the specification's.</summary>
internal static class ClientLimits
{
    /// <summary>Places for clients; as many as there are numbers for them.</summary>
    public const int MaxClients = ushort.MaxValue;

    /// <summary>A place that a client has left is given to another after this time: what a host's other threads still do for the one before finds nobody.</summary>
    public static readonly Duration PlaceRest = Duration.FromSeconds(5);

    /// <summary>Flows that one client may have open towards its edge.</summary>
    public const int InboundFlowsPerClient = 32;

    /// <summary>Flows that an edge may have open towards its clients: as many for each as each may have towards it.</summary>
    public const int OutboundFlows = MaxClients * InboundFlowsPerClient;

    /// <summary>What arrived from one client, at the most, and less where memory is short: see <see cref="FairParts"/>.</summary>
    public const long ReceiveMemoryPerClient = 4L << 20;

    /// <summary>Realtime messages of one client that are being joined.</summary>
    public const long JoinMemoryPerClient = 1L << 20;

    /// <summary>The parts of a client's <see cref="FairShare"/> of each of the edge's memories for clients.</summary>
    public const int FairParts = 8;

    /// <summary>Packets of Signal or Bulk that wait on a client's link while the transport holds more back.</summary>
    public const int LinkQueue = 32;

    /// <summary>Realtime packets that wait there; the transport's own queue knows better what to drop.</summary>
    public const int LinkRealtimeQueue = 64;

    /// <summary>The same for the packets of one class on a client's link, waiting or in flight, and the packet memory for clients.</summary>
    public const int PacketParts = 16;

    /// <summary>Both ends of a client's link live as long as the link does, and show this life in their packets.</summary>
    public static readonly BootEpoch Life = new(1);

    /// <summary>An edge's bounds for all of its clients together.</summary>
    public static readonly TransportOptions AtEdge = new()
    {
        MaxOutboundFlows = OutboundFlows,
        MaxInboundFlows = OutboundFlows,
        MaxInboundFlowsPerOrigin = InboundFlowsPerClient,
        ReceiveMemory = 256L << 20,
        ReceiveMemoryPerOrigin = ReceiveMemoryPerClient,
        SendMemory = 256L << 20,
        JoinMemory = 64L << 20,
        JoinMemoryPerOrigin = JoinMemoryPerClient,
    };

    /// <summary>A client's bounds towards its edge, which it trusts with all of them.</summary>
    public static readonly TransportOptions AtClient = new()
    {
        MaxOutboundFlows = InboundFlowsPerClient,
        MaxInboundFlows = 256,
        MaxInboundFlowsPerOrigin = 256,
        ReceiveMemory = 16L << 20,
        ReceiveMemoryPerOrigin = 16L << 20,
        SendMemory = 8L << 20,
        JoinMemory = 4L * WireLimits.MaxMessage,
        JoinMemoryPerOrigin = 4L * WireLimits.MaxMessage,
    };
}
