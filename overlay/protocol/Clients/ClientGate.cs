using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Clients;

/// <summary>Tells the transport of an edge's clients which of their links have room.</summary>
internal readonly struct ClientGate(ClientDesk desk) : ITransmitGate
{
    public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass) => desk.HasRoom(new ClientPlace(destination.Value), serviceClass);
}
