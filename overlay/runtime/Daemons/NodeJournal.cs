using Microsoft.Extensions.Logging;
using WeCan.Contracts;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Protocol.Wire;
using WeCan.Runtime.Membership;

namespace WeCan.Runtime.Daemons;

/// <summary>The first host of every daemon: it logs what happens to the node's links, and counts those to members that stand.</summary>
internal sealed class NodeJournal(ILogger log, PeerNames names) : IOverlayHost
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
                DaemonLog.LinkUp(log, names.Of(happened.Peer), happened.Address.ToString());
                break;
            case NodeEventKind.LinkDown:
                _up.Remove(happened.Peer);
                DaemonLog.LinkDown(log, names.Of(happened.Peer), happened.Address.ToString(), Word(happened.Reason));
                break;
        }

        _links = _up.Count;
    }

    private static string Word(CloseReason reason) => reason switch
    {
        CloseReason.GoingAway => "it stops, and said so",
        CloseReason.Superseded => "a newer link took its place",
        CloseReason.Revoked => "the peer holds this node for no member any more",
        CloseReason.ProtocolViolation => "it saw an error of the protocol",
        CloseReason.Silence => "it heard nothing of this node for too long",
        _ => "nothing was heard of it for too long, or it is no member any more",
    };
}
