using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>The edge's end.</summary>
internal sealed class PlaceEnd(ClientDesk desk, ClientPlace place) : ITalkEnd
{
    public OpenResult Open(ServiceClass serviceClass, Duration deadline, out FlowHandle flow) =>
        serviceClass == ServiceClass.Realtime ? desk.OpenRealtime(place, 5, deadline, out flow) : desk.OpenStream(place, serviceClass, 5, out flow);

    public SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message) => desk.Send(now, flow, message, out _);
}
