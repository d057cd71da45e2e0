using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Streams;

/// <summary>
/// The edge where connections come in: opens a flow to the exit for each and holds the exit to its answer. Without I/O and clock;
/// driven by the node's host.
/// </summary>
internal sealed class TunnelEntry(StreamShared shared, BootEpoch epoch)
{
    private readonly Dictionary<ulong, (StreamConnection Connection, StreamTunnel Tunnel)> _unanswered = [];
    private readonly Queue<(MonoTime Until, ulong Number)> _deadlines = new();
    private uint _last;

    public MonoTime NextTimeout => _deadlines.TryPeek(out var first) ? first.Until : MonoTime.Never;

    /// <summary>A program has connected; without room for it, it is reset and null is answered.</summary>
    public StreamConnection? Open(Node node, MonoTime now, StreamTunnel tunnel, ILocalStream local)
    {
        var exit = tunnel.Exit();
        if (exit.IsNone || exit == node.Options.Id)
            return Refuse(local, tunnel, RefusalReason.Unreachable);
        if (!shared.TryAdmit())
            return Refuse(local, tunnel, RefusalReason.TooMany);
        if (node.OpenStream(exit, tunnel.Class, tunnel.Priority, out var flow) != OpenResult.Opened)
        {
            shared.Windows.Give(TunnelLimits.FirstWindow);
            return Refuse(local, tunnel, RefusalReason.TooMany);
        }

        var number = ((ulong)epoch.Value << 32) | ++_last;
        var open = new OpenFrame { Version = TunnelLimits.Version, Priority = tunnel.Priority, Connection = number, Target = tunnel.TargetBytes };
        var connection = new StreamConnection(shared, exit, number, flow, default, local, open.ToMessage());
        shared.Add(connection);
        _unanswered.Add(number, (connection, tunnel));
        _deadlines.Enqueue((now + TunnelLimits.OpenTimeout, number));
        connection.Start(node, now);
        return connection;
    }

    /// <summary>The first message of a flow that an exit has opened.</summary>
    public void HandleAnswer(Node node, MonoTime now, FlowId flow, ReadOnlySpan<byte> message)
    {
        if (!AnswerFrame.TryRead(message, out var answer))
        {
            shared.Counters.Drop(TunnelDrop.Malformed);
            return;
        }

        if (!_unanswered.TryGetValue(answer.Connection, out var called) || called.Connection is not { } connection || connection.Peer != flow.Origin || connection.State != StreamState.Opening)
        {
            shared.Counters.Drop(TunnelDrop.Stray);
            return;
        }

        _unanswered.Remove(answer.Connection);
        if (answer.IsRefused)
        {
            shared.Counters.AddRefusedThere(called.Tunnel.Target, called.Tunnel.Traffic, answer.Reason);
            connection.End(node, now, isOrderly: false);
            return;
        }

        shared.Bind(flow, connection);
        connection.HandleOpened(flow);
    }

    public void HandleTimeout(Node node, MonoTime now)
    {
        while (_deadlines.TryPeek(out var first) && first.Until <= now)
        {
            _deadlines.Dequeue();
            if (!_unanswered.Remove(first.Number, out var called) || called.Connection is not { } connection || connection.State != StreamState.Opening)
                continue;
            shared.Counters.AddRefusedThere(called.Tunnel.Target, called.Tunnel.Traffic, RefusalReason.TimedOut);
            connection.Abort(node, now);
        }
    }

    private StreamConnection? Refuse(ILocalStream local, StreamTunnel tunnel, RefusalReason reason)
    {
        shared.Counters.AddRefusedThere(tunnel.Target, tunnel.Traffic, reason);
        local.Reset();
        return null;
    }
}
