using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Daemons;

/// <summary>Several hosts on one node, each told of everything in turn. A message is for whoever knows its flow; the others pass it over.</summary>
internal sealed class HostChain(params IReadOnlyList<IOverlayHost> hosts) : IOverlayHost
{
    private readonly IOverlayHost[] _hosts = [.. hosts];

    public MonoTime NextTimeout
    {
        get
        {
            var next = MonoTime.Never;
            foreach (var host in _hosts)
                next = MonoTime.Min(next, host.NextTimeout);
            return next;
        }
    }

    public void OnNotice(string notice)
    {
        foreach (var host in _hosts)
            host.OnNotice(notice);
    }

    public void OnTimeout(Node node, MonoTime now)
    {
        foreach (var host in _hosts)
        {
            if (host.NextTimeout <= now)
                host.OnTimeout(node, now);
        }
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        foreach (var host in _hosts)
            host.OnMessage(node, now, message);
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        foreach (var host in _hosts)
            host.OnTransportEvent(node, now, happened);
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
        foreach (var host in _hosts)
            host.OnNodeEvent(node, now, happened);
    }

    public void OnClientMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        foreach (var host in _hosts)
            host.OnClientMessage(node, now, message);
    }

    public void OnClientEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        foreach (var host in _hosts)
            host.OnClientEvent(node, now, happened);
    }
}
