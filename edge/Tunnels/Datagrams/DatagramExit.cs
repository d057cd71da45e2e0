using WeCan.Contracts;
using WeCan.Edge.Tunnels.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Tunnels.Datagrams;

/// <summary>
/// The edge where datagrams leave: a socket to its target for each session of another edge. Without I/O and clock; driven by the node's
/// host. Bounded: the session that was silent longest makes room for a new one. Allocates with a session, not with a datagram.
/// </summary>
internal sealed class DatagramExit(TunnelCounters counters, RealtimeFlows flows, int maxSessions = TunnelLimits.MaxSessions)
{
    /// <summary>Answers of all entries' sessions that want the same service share a flow; listeners count from 1.</summary>
    private const int Owner = 0;

    private readonly Dictionary<ExitSessionId, LinkedListNode<ExitSession>> _byId = [];
    private readonly LinkedList<ExitSession> _byUse = new();
    private readonly RefusalMemory _refused = new();
    private readonly byte[] _scratch = new byte[DatagramFrame.HeadLength + TunnelLimits.MaxDatagram];

    /// <summary>Set once, before the first message.</summary>
    public required IDatagramDialler Dialler { get; set; }

    public int Count => _byId.Count;

    public MonoTime NextTimeout => _byUse.First is { } oldest ? oldest.Value.LastUsed + TunnelLimits.SessionIdle : MonoTime.Never;

    /// <summary>A datagram of a session that the entry believes to be known here.</summary>
    public void HandleForth(Node node, MonoTime now, in ReceivedMessage message)
    {
        if (!DatagramFrame.TryRead(message.Payload, out var frame))
        {
            counters.Drop(TunnelDrop.Malformed);
            return;
        }

        var id = new ExitSessionId(message.Flow.Origin, message.Flow.Epoch, frame.Session);
        if (_byId.TryGetValue(id, out var place))
        {
            Touch(now, place);
            Forward(place.Value, frame.Payload);
            return;
        }

        counters.Drop(TunnelDrop.Stray);
        Answer(node, now, new RealtimeRoute(message.Flow.Origin, Priority: 0, TunnelLimits.AnswerDeadline, Paths: 1, Owner), TunnelKind.SessionUnknown, frame.Session, default);
    }

    /// <summary>A datagram that names its target: of a new session, or of one whose entry has not heard yet that it is known.</summary>
    public void HandleFirst(Node node, MonoTime now, in ReceivedMessage message)
    {
        if (!FirstFrame.TryRead(message.Payload, out var first))
        {
            counters.Drop(TunnelDrop.Malformed);
            return;
        }

        var id = new ExitSessionId(message.Flow.Origin, message.Flow.Epoch, first.Session);
        if (!_byId.TryGetValue(id, out var place))
        {
            var back = new RealtimeRoute(id.Entry, first.Priority, Duration.FromMilliseconds(first.DeadlineMilliseconds), first.Paths, Owner);
            if (!TunnelTarget.TryParse(first.Target, out var target))
            {
                Refuse(node, now, id, back, TunnelTarget.Unreadable, RefusalReason.BadTarget);
                return;
            }

            place = Add(now, new ExitSession(id, back));
            if (!Dialler.TryFind(node, now, place.Value, id.Entry, target))
                HandleRefused(node, now, place.Value, target.ToString(), RefusalReason.TooMany);
            if (place.Value.IsOver)
                return;
        }

        Touch(now, place);
        Forward(place.Value, first.Payload);
        if (place.Value.Local is not null)
            TellOpened(node, now, place.Value);
    }

    /// <summary>The target's address is known, and a socket to it open.</summary>
    public void HandleFound(Node node, MonoTime now, ExitSession session, NetAddress target, IDatagramLocal local)
    {
        if (session.IsOver)
        {
            local.Close();
            return;
        }

        (session.Local, session.Target) = (local, target);
        while (session.Held is not null && session.Held.TryDequeue(out var held))
            Forward(session, held);
        session.Held = null;
        TellOpened(node, now, session);
    }

    /// <summary>The target was not found, or may not be reached.</summary>
    public void HandleRefused(Node node, MonoTime now, ExitSession session, string target, RefusalReason reason)
    {
        if (session.IsOver)
            return;
        Remove(_byId[session.Id]);
        Refuse(node, now, session.Id, session.Back, target, reason);
    }

    /// <summary>The target has sent a datagram to the session's socket.</summary>
    public void HandleTarget(Node node, MonoTime now, ExitSession session, ReadOnlySpan<byte> payload)
    {
        if (session.IsOver)
            return;
        counters.DatagramsIn++;
        counters.DatagramBytesIn += payload.Length;
        Touch(now, _byId[session.Id]);
        Answer(node, now, session.Back, TunnelKind.Back, session.Id.Number, payload);
    }

    public void HandleTimeout(MonoTime now)
    {
        while (_byUse.First is { } oldest && oldest.Value.LastUsed + TunnelLimits.SessionIdle <= now)
            Remove(oldest);
    }

    /// <summary>The policy has changed, or the edge stops: whatever may go on is asked for again by its entry.</summary>
    public void CloseAll()
    {
        while (_byUse.First is { } session)
            Remove(session);
    }

    private void Forward(ExitSession session, ReadOnlySpan<byte> payload)
    {
        if (session.Local is null)
        {
            session.Held ??= new Queue<byte[]>();
            if (session.Held.Count < TunnelLimits.HeldDatagrams)
                session.Held.Enqueue(payload.ToArray());
            else
                counters.Drop(TunnelDrop.HeldFull);
            return;
        }

        if (!session.Local.TrySend(session.Target, payload))
        {
            counters.Drop(TunnelDrop.LocalFull);
            return;
        }

        counters.DatagramsOut++;
        counters.DatagramBytesOut += payload.Length;
    }

    private void TellOpened(Node node, MonoTime now, ExitSession session)
    {
        if (session.LastAnswer != default && now - session.LastAnswer < TunnelLimits.AnswerEvery)
            return;
        session.LastAnswer = now;
        Answer(node, now, session.Back, TunnelKind.SessionOpened, session.Id.Number, default);
    }

    private void Refuse(Node node, MonoTime now, ExitSessionId id, in RealtimeRoute back, string target, RefusalReason reason)
    {
        if (_refused.IsNew(now, id))
            counters.AddRefusedHere(id.Entry, target, reason);
        Answer(node, now, back, TunnelKind.SessionRefused, id.Number, [(byte)reason]);
    }

    private void Answer(Node node, MonoTime now, in RealtimeRoute back, byte kind, uint session, ReadOnlySpan<byte> payload)
    {
        var length = new DatagramFrame { Kind = kind, Session = session, Payload = payload }.Write(_scratch);
        flows.Send(node, now, back, _scratch.AsSpan(0, length));
    }

    private LinkedListNode<ExitSession> Add(MonoTime now, ExitSession session)
    {
        if (_byId.Count >= maxSessions)
            Remove(_byUse.First!);
        session.LastUsed = now;
        var place = _byUse.AddLast(session);
        _byId.Add(session.Id, place);
        counters.SessionsOpen++;
        counters.SessionsOpened++;
        return place;
    }

    private void Touch(MonoTime now, LinkedListNode<ExitSession> place)
    {
        if (now - place.Value.LastUsed < TunnelLimits.SessionTouch)
            return;
        place.Value.LastUsed = now;
        _byUse.Remove(place);
        _byUse.AddLast(place);
    }

    private void Remove(LinkedListNode<ExitSession> place)
    {
        place.Value.IsOver = true;
        place.Value.Held = null;
        place.Value.Local?.Close();
        _byUse.Remove(place);
        _byId.Remove(place.Value.Id);
        counters.SessionsOpen--;
    }
}
