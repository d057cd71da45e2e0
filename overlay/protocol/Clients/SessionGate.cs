using WeCan.Contracts;
using WeCan.Protocol.Links;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Clients;

/// <summary>Tells a client's transport whether its link has room.</summary>
internal struct SessionGate(Link link, PacketPool pool) : ITransmitGate
{
    public bool WasShut { get; private set; }

    public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass)
    {
        var hasRoom = ClientLink.HasRoom(link, pool, serviceClass);
        WasShut |= !hasRoom;
        return hasRoom;
    }
}
