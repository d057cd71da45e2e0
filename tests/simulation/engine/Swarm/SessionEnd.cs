using WeCan.Contracts;
using WeCan.Protocol.Clients;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>The client's end.</summary>
internal sealed class SessionEnd(ClientSession session) : ITalkEnd
{
    public OpenResult Open(ServiceClass serviceClass, Duration deadline, out FlowHandle flow) =>
        serviceClass == ServiceClass.Realtime ? session.OpenRealtime(5, deadline, out flow) : session.OpenStream(serviceClass, 5, out flow);

    public SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message) => session.Send(now, flow, message, out _);
}
