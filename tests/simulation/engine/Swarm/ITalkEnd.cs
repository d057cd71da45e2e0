using WeCan.Contracts;
using WeCan.Protocol.Transport;

namespace WeCan.Simulation.Swarm;

/// <summary>One end of a client's link, as who talks over it sees it.</summary>
internal interface ITalkEnd
{
    OpenResult Open(ServiceClass serviceClass, Duration deadline, out FlowHandle flow);

    SendResult Send(MonoTime now, FlowHandle flow, ReadOnlySpan<byte> message);
}
