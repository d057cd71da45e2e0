using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// The edge where connections leave: has the target called, and answers on a flow of its own that becomes the way back. Without I/O and
/// clock; driven by the node's host.
/// </summary>
internal sealed class TunnelExit(StreamShared shared, IStreamDialler dialler)
{
    /// <summary>The first message of a flow that an entry has opened.</summary>
    public void HandleOpen(Node node, MonoTime now, in ReceivedMessage message)
    {
        if (!OpenFrame.TryRead(message.Payload, out var open))
        {
            shared.Counters.Drop(TunnelDrop.Malformed);
            return;
        }

        var target = TunnelTarget.TryParse(open.Target, out var parsed) ? parsed.ToString() : TunnelTarget.Unreadable;

        // Without room for a flow not even a refusal can be sent: the entry's own patience ends the attempt there.
        if (node.OpenStream(message.Flow.Origin, message.Class, open.Priority, out var back) != OpenResult.Opened)
        {
            shared.Counters.AddRefusedHere(message.Flow.Origin, target, RefusalReason.TooMany);
            return;
        }

        if (!shared.TryAdmit())
        {
            shared.Counters.AddRefusedHere(message.Flow.Origin, target, RefusalReason.TooMany);
            node.Send(now, back, new AnswerFrame { Connection = open.Connection, IsRefused = true, Reason = RefusalReason.TooMany }.ToMessage(), out _);
            node.CloseFlow(now, back);
            return;
        }

        var connection = new StreamConnection(shared, message.Flow.Origin, open.Connection, back, message.Flow, local: null, first: null);
        shared.Add(connection);
        shared.Bind(message.Flow, connection);
        if (open.Version != TunnelLimits.Version)
            HandleRefused(node, now, connection, target, RefusalReason.Version);
        else if (target == TunnelTarget.Unreadable)
            HandleRefused(node, now, connection, target, RefusalReason.BadTarget);
        else if (!dialler.TryDial(node, now, connection, message.Flow.Origin, parsed))
            HandleRefused(node, now, connection, target, RefusalReason.TooMany);
    }

    /// <summary>The target has accepted. It is reset where the entry has given up meanwhile.</summary>
    public void HandleConnected(Node node, MonoTime now, StreamConnection connection, ILocalStream target)
    {
        if (connection.State == StreamState.Opening)
            connection.HandleConnected(node, now, target);
        else
            target.Reset();
    }

    /// <summary>The target was not reached, or may not be.</summary>
    public void HandleRefused(Node node, MonoTime now, StreamConnection connection, string target, RefusalReason reason)
    {
        if (connection.State != StreamState.Opening)
            return;
        shared.Counters.AddRefusedHere(connection.Peer, target, reason);
        connection.HandleRefused(node, now, reason);
    }
}
