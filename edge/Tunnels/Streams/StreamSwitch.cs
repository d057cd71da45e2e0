using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>Brings what the node delivers and tells to the TCP connection that it is for. Driven by the node's host.</summary>
internal sealed class StreamSwitch(StreamShared shared, TunnelEntry entry, TunnelExit exit)
{
    /// <summary>A message of a Signal or Bulk flow whose first byte is a tunnel's, or of a flow that is one's already.</summary>
    public void HandleMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        if (shared.TryFind(message.Flow, out var connection))
            connection.HandleMessage(node, now, message.Payload);
        else if (message.Payload.IsEmpty)
            shared.Counters.Drop(TunnelDrop.Malformed);
        else if (message.Number == 1 && message.Payload[0] == TunnelKind.Open)
            exit.HandleOpen(node, now, message);
        else if (message.Number == 1 && message.Payload[0] is TunnelKind.Opened or TunnelKind.Refused)
            entry.HandleAnswer(node, now, message.Flow, message.Payload);
        else
            shared.Counters.Drop(TunnelDrop.Stray);
    }

    public void HandleEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        if (happened.Kind == TransportEventKind.InboundEnded)
        {
            if (shared.TryFind(happened.Inbound, out var ended))
                ended.HandleInboundEnded(node, now);
            return;
        }

        if (!shared.TryFind(happened.Flow, out var connection))
            return;
        if (happened.Kind == TransportEventKind.FlowWritable)
            connection.HandleFlowWritable(node, now);
        else if (happened.Kind == TransportEventKind.FlowBroken)
            connection.HandleFlowBroken(node, now);
    }

    /// <summary>The edge stops, or the tunnels' time to drain is over.</summary>
    public void AbortAll(Node node, MonoTime now)
    {
        foreach (var connection in shared.All.ToArray())
            connection.Abort(node, now);
    }
}
