using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>
/// The edge where datagrams come in: a session for each program's address at each listener. Until the exit has answered, each
/// datagram names the target; from then on only the session. Without I/O and clock; driven by the node's host. Bounded: the session
/// that was silent longest makes room for a new one. Allocates with a session, not with a datagram.
/// </summary>
internal sealed class DatagramEntry(TunnelCounters counters, RealtimeFlows flows, BootEpoch epoch, int maxSessions = TunnelLimits.MaxSessions)
{
    private readonly Dictionary<uint, LinkedListNode<EntrySession>> _byNumber = [];
    private readonly LinkedList<EntrySession> _byUse = new();
    private readonly byte[] _scratch = new byte[FirstFrame.HeadLength + TunnelLimits.MaxTarget + TunnelLimits.MaxDatagram];

    // A late answer to an earlier life's session must find none of this life's.
    private uint _last = epoch.Value * TunnelLimits.SessionsPerSecond;

    public int Count => _byNumber.Count;

    public MonoTime NextTimeout => _byUse.First is { } oldest ? oldest.Value.LastUsed + TunnelLimits.SessionIdle : MonoTime.Never;

    /// <summary>A program has sent a datagram to a listener.</summary>
    public void HandleLocal(Node node, MonoTime now, DatagramEntryPort port, NetAddress from, ReadOnlySpan<byte> payload)
    {
        counters.DatagramsIn++;
        counters.DatagramBytesIn += payload.Length;
        if (!port.Sessions.TryGetValue(from, out var place) && !TryOpen(node, now, port, from, out place))
        {
            counters.Drop(TunnelDrop.Refused);
            return;
        }

        Touch(now, place);
        var session = place.Value;
        if (session.RefusedUntil > now)
        {
            counters.Drop(TunnelDrop.Refused);
            return;
        }

        var tunnel = port.Tunnel;
        var length = session.IsKnown
            ? new DatagramFrame { Kind = TunnelKind.Forth, Session = session.Number, Payload = payload }.Write(_scratch)
            : new FirstFrame
            {
                Session = session.Number,
                Priority = tunnel.Priority,
                Paths = tunnel.Paths,
                DeadlineMilliseconds = (int)tunnel.Deadline.Milliseconds,
                Target = tunnel.TargetBytes,
                Payload = payload,
            }.Write(_scratch);
        flows.Send(node, now, new RealtimeRoute(session.Exit, tunnel.Priority, tunnel.Deadline, tunnel.Paths, port.Number), _scratch.AsSpan(0, length));
    }

    /// <summary>A message of an exit: a datagram back, or its word about a session.</summary>
    public void HandleMessage(MonoTime now, in ReceivedMessage message)
    {
        if (!DatagramFrame.TryRead(message.Payload, out var frame))
        {
            counters.Drop(TunnelDrop.Malformed);
            return;
        }

        if (!_byNumber.TryGetValue(frame.Session, out var place) || place.Value.Exit != message.Flow.Origin)
        {
            counters.Drop(TunnelDrop.Stray);
            return;
        }

        var session = place.Value;
        switch (frame.Kind)
        {
            case TunnelKind.Back:
                Touch(now, place);
                Deliver(session, frame.Payload);
                break;
            case TunnelKind.SessionOpened:
                session.IsKnown = true;
                break;
            case TunnelKind.SessionUnknown:
                session.IsKnown = false;
                break;
            case TunnelKind.SessionRefused:
                session.IsKnown = false;

                // Every datagram that was under way before the first answer came is answered too: one refusal of one session.
                if (session.RefusedUntil <= now)
                    counters.AddRefusedThere(session.Port.Tunnel.Target, session.Port.Tunnel.Traffic, RefusalReasons.Read(frame.Payload[0]));
                session.RefusedUntil = now + TunnelLimits.RefusedFor;
                break;
            default:
                counters.Drop(TunnelDrop.Malformed);
                break;
        }
    }

    public void HandleTimeout(MonoTime now)
    {
        while (_byUse.First is { } oldest && oldest.Value.LastUsed + TunnelLimits.SessionIdle <= now)
            Remove(oldest);
    }

    /// <summary>The listener is closed.</summary>
    public void Close(DatagramEntryPort port)
    {
        foreach (var place in port.Sessions.Values.ToArray())
            Remove(place);
    }

    private bool TryOpen(Node node, MonoTime now, DatagramEntryPort port, NetAddress from, out LinkedListNode<EntrySession> place)
    {
        place = null!;
        var exit = port.Tunnel.Exit();
        if (exit.IsNone || exit == node.Options.Id)
        {
            TellUnreachable(now, port);
            return false;
        }

        if (_byNumber.Count >= maxSessions)
            Remove(_byUse.First!);
        place = new LinkedListNode<EntrySession>(new EntrySession(++_last, from, port, exit) { LastUsed = now });
        _byUse.AddLast(place);
        _byNumber.Add(_last, place);
        port.Sessions.Add(from, place);
        counters.SessionsOpen++;
        counters.SessionsOpened++;
        return true;
    }

    /// <summary>There is no session that could be refused, so each listener says it as often as one session would.</summary>
    private void TellUnreachable(MonoTime now, DatagramEntryPort port)
    {
        if (port.UnreachableUntil > now)
            return;
        port.UnreachableUntil = now + TunnelLimits.RefusedFor;
        counters.AddRefusedThere(port.Tunnel.Target, port.Tunnel.Traffic, RefusalReason.Unreachable);
    }

    private void Deliver(EntrySession session, ReadOnlySpan<byte> payload)
    {
        if (!session.Port.Local.TrySend(session.Program, payload))
        {
            counters.Drop(TunnelDrop.LocalFull);
            return;
        }

        counters.DatagramsOut++;
        counters.DatagramBytesOut += payload.Length;
    }

    private void Touch(MonoTime now, LinkedListNode<EntrySession> place)
    {
        if (now - place.Value.LastUsed < TunnelLimits.SessionTouch)
            return;
        place.Value.LastUsed = now;
        _byUse.Remove(place);
        _byUse.AddLast(place);
    }

    private void Remove(LinkedListNode<EntrySession> place)
    {
        _byUse.Remove(place);
        _byNumber.Remove(place.Value.Number);
        place.Value.Port.Sessions.Remove(place.Value.Program);
        counters.SessionsOpen--;
    }
}
