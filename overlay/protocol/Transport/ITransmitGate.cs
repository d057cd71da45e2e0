using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>
/// Says whether the first hop towards a destination has room for one more packet of a class. Asked for every
/// route with something to send, once a priority, in each round of polling; the answer no holds until the round ends. For multicasts the
/// destination is none.
/// </summary>
internal interface ITransmitGate
{
    bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass);
}
