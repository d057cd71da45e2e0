using WeCan.Contracts;
using WeCan.Protocol.Paths;
using WeCan.Protocol.Transport;

namespace WeCan.Protocol.Nodes;

/// <summary>Tells the transport which first hops have room.</summary>
internal struct FirstHopGate(MonoTime now, Forwarder forwarder, MulticastForwarder multicast) : ITransmitGate
{
    public bool WasShut { get; private set; }

    public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass)
    {
        var hasRoom = destination.IsNone ? multicast.HasRoom(serviceClass) : forwarder.HasRoom(now, destination, routeToken, serviceClass);
        WasShut |= !hasRoom;
        return hasRoom;
    }
}
