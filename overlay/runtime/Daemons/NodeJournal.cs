using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Daemons;

/// <summary>The first host of every daemon: it logs what happens to the node's links, and counts those to members that stand.</summary>
internal sealed class NodeJournal(ILogger log) : IOverlayHost
{
    private readonly HashSet<NodeId> _up = [];
    private volatile int _links;

    /// <summary>Links to members that stand. Any thread may read.</summary>
    public int Links => _links;

    public MonoTime NextTimeout => MonoTime.Never;

    public void OnNotice(string notice) => DaemonLog.Notice(log, notice);

    public void OnTimeout(Node node, MonoTime now)
    {
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
        switch (happened.Kind)
        {
            case NodeEventKind.LinkUp:
                _up.Add(happened.Peer);
                DaemonLog.LinkUp(log, happened.Peer.Value, happened.Address.ToString());
                break;
            case NodeEventKind.LinkDown:
                _up.Remove(happened.Peer);
                DaemonLog.LinkDown(log, happened.Peer.Value, happened.Address.ToString(), happened.Reason.ToString());
                break;
        }

        _links = _up.Count;
    }
}
