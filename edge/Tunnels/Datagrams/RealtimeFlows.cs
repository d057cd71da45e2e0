using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>The Realtime flows that datagrams go on, one for each <see cref="RealtimeRoute"/>: opened when first needed, and anew where one broke.</summary>
internal sealed class RealtimeFlows(TunnelCounters counters)
{
    private readonly Dictionary<RealtimeRoute, FlowHandle> _flows = [];

    public void Send(Node node, MonoTime now, in RealtimeRoute route, ReadOnlySpan<byte> message)
    {
        if (!_flows.TryGetValue(route, out var flow))
            flow = Open(node, now, route);
        var result = node.Send(now, flow, message, out _);
        if (result == SendResult.Closed)
            result = node.Send(now, Open(node, now, route), message, out _);
        if (result != SendResult.Accepted)
            counters.Drop(TunnelDrop.OverlayFull);
    }

    /// <summary>A handle that names no flow, where the node has no more: sending on it says that it is closed.</summary>
    private FlowHandle Open(Node node, MonoTime now, in RealtimeRoute route)
    {
        if (_flows.Count >= TunnelLimits.MaxRealtimeFlows)
            CloseAll(node, now);
        if (node.OpenRealtime(route.Peer, route.Priority, route.Deadline, out var flow, route.Paths) != OpenResult.Opened)
            return FlowHandle.None;
        _flows[route] = flow;
        return flow;
    }

    /// <summary>Those in use are opened again with the next datagram; this bound is for edges that ask for ever other deadlines.</summary>
    private void CloseAll(Node node, MonoTime now)
    {
        foreach (var flow in _flows.Values)
            node.CloseFlow(now, flow);
        _flows.Clear();
    }
}
