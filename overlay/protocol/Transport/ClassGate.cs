using WeCan.Contracts;

namespace WeCan.Protocol.Transport;

/// <summary>A gate that is open or shut by class alone: bit <i>n</i> of the set is the class with the value <i>n</i>.</summary>
internal readonly struct ClassGate(byte open) : ITransmitGate
{
    public static readonly ClassGate AllOpen = new(0b1111);

    public bool HasRoom(NodeId destination, int routeToken, ServiceClass serviceClass) => ((open >> (int)serviceClass) & 1) != 0;
}
