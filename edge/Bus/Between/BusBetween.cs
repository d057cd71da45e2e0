using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.Edge.Bus.Interest;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// What the buses of all edges have with each other, at this one: who wants what, by interest; messages of this edge's clients to the
/// edges that want them, and theirs to this edge's subscriptions. A host of the edge's node, on its loop's thread, which hands it the node with
/// its first turn.
/// </summary>
internal sealed class BusBetween(BusCore core, ulong seed) : IOverlayHost
{
    private readonly CutOffEdges _cutOffs = new();
    private readonly Dictionary<FlowId, byte[]> _begun = [];
    private readonly HashSet<NodeId> _edges = [];
    private readonly List<PublishLine> _settled = [];
    private readonly List<(NodeId Edge, LostSpaces Missed)> _untold = [];
    private readonly LostSpaces _lost = new();
    private readonly byte[] _frame = new byte[LostFrame.MaxBytes];
    private Node _node = null!;
    private InterestDesk _desk = null!;
    private ReliableSender _reliable = null!;
    private RealtimeAudiences _realtime = null!;
    private EdgeStreams _streams = null!;
    private MonoTime _latest;
    private MonoTime _lookAt;

    public MonoTime NextTimeout => _node is null ? MonoTime.Zero : MonoTime.Min(_lookAt, _desk.NextTimeout);

    // ---- what the sessions of this edge ask for ----

    /// <summary>There is room to keep another Reliable message of a publisher until it can go.</summary>
    public bool HasRoomFor(PublishLine? line) => _reliable.HasRoom && line is not { IsOverfull: true };

    /// <summary>Other edges want the subject, or it is not known.</summary>
    public bool MayBeWanted(MonoTime now, ReadOnlySpan<byte> subject) => !_desk.TryMatch(_latest = now, subject, out var edges) || edges.Length > 0;

    /// <summary>A Reliable message of a client's for other edges: it is held back from confirmation until they have it.</summary>
    public void Publish(MonoTime now, PublishLine line, in BusMessage message) => _reliable.Publish(_latest = now, line, message);

    public void PublishRealtime(MonoTime now, in BusMessage message) => _realtime.Publish(_latest = now, message);

    public void Subscribe(MonoTime now, ReadOnlySpan<byte> pattern, ulong ticket)
    {
        _latest = now;
        _desk.Subscribe(now, pattern, ticket);
    }

    public void Unsubscribe(ReadOnlySpan<byte> pattern, ulong ticket) => _desk.Unsubscribe(_latest, pattern, ticket);

    public void End(PublishLine line) => _reliable.End(line);

    /// <summary>The edges of the network, as a version of its membership has them; of two versions the later has the higher number.</summary>
    public void SetMembership(Node node, MonoTime now, ulong version, IReadOnlyCollection<NodeId> edges)
    {
        Attach(node);
        _edges.Clear();
        _edges.UnionWith(edges);
        _edges.Add(node.Options.Id);
        _desk.SetMembership(now, version, [.. _edges]);
        _reliable.Retry(now, _settled);
        Settle(now);
    }

    // ---- the node's loop ----

    public void OnNotice(string notice)
    {
    }

    public void OnTimeout(Node node, MonoTime now)
    {
        Attach(node);
        if (_desk.NextTimeout <= now)
            _desk.HandleTimeout(now);
        if (_lookAt <= now)
        {
            _lookAt = now + BetweenLimits.Look;
            TellCutOff(now);
            _reliable.Retry(now, _settled);
        }

        Settle(now);
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        if (message.Payload.IsEmpty || !BetweenKind.IsOfBus(message.Payload[0]))
            return;
        Attach(node);
        if (!TryHandle(now, message))
            core.Counters.BadEdgeFrames++;
        Settle(now);
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        Attach(node);
        if (happened.Kind == TransportEventKind.InboundEnded)
            _begun.Remove(happened.Inbound);
        else if (_streams.TryFind(happened.Flow, out var edge))
            HandleStream(now, edge, happened);
        else if (_reliable.TryHandle(now, happened, _settled))
            TellCutOff(now);
        else
            _realtime.TryHandle(now, happened);
        Settle(now);
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
    }

    /// <summary>The gateway, which stands before, has handled it: what it asked for goes out.</summary>
    public void OnClientMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        Attach(node);
        Settle(now);
    }

    private void Attach(Node node)
    {
        if (_node is not null)
            return;
        _node = node;
        _desk = new(node.Options.Id, node.Options.Epoch, seed);
        _reliable = new(node, _desk, core.Counters, _cutOffs);
        _realtime = new(node, _desk, core.Counters);
        _streams = new(node, _desk);
        core.Between = this;
    }

    private bool TryHandle(MonoTime now, in ReceivedMessage message)
    {
        var isRealtime = message.Class == ServiceClass.Realtime;
        return message.Payload[0] switch
        {
            BetweenKind.Interest => !isRealtime && _desk.TryHandle(now, message.Flow.Origin, message.Payload),
            BetweenKind.Message => !isRealtime && TryTake(now, message),
            BetweenKind.Rest => !isRealtime && TryTakeRest(now, message),
            BetweenKind.Realtime => isRealtime && TryTake(now, message),
            BetweenKind.Lost => !isRealtime && TryTakeLost(message),
            _ => false,
        };
    }

    private bool TryTake(MonoTime now, in ReceivedMessage message)
    {
        if (!BetweenMessage.TryRead(message.Payload, out var read))
            return false;
        if (read.Rest > 0)
            _begun[message.Flow] = message.Payload.ToArray();
        else
            Dispatch(now, read, message.Deadline, read.Payload);
        return true;
    }

    private bool TryTakeRest(MonoTime now, in ReceivedMessage message)
    {
        if (!_begun.Remove(message.Flow, out var begun) || !BetweenMessage.TryRead(begun, out var read) || read.Rest != message.Payload.Length - 1)
            return false;
        Dispatch(now, read, MonoTime.Never, [.. read.Payload, .. message.Payload[1..]]);
        return true;
    }

    private void Dispatch(MonoTime now, in BetweenMessage message, MonoTime deadline, ReadOnlySpan<byte> payload)
    {
        core.Counters.MessagesFromEdges++;
        var expires = message.LeftMilliseconds == 0 ? deadline : now + Duration.FromMilliseconds(message.LeftMilliseconds);
        core.Dispatcher.Dispatch(now, message.At(expires, payload));
    }

    private bool TryTakeLost(in ReceivedMessage message)
    {
        if (!LostFrame.TryRead(message.Payload, _lost))
            return false;
        core.TellLost(_lost);
        return true;
    }

    private void HandleStream(MonoTime now, NodeId edge, in TransportEvent happened)
    {
        switch (happened.Kind)
        {
            case TransportEventKind.FlowWritable:
                _streams.OnWritable(now, edge);
                break;
            case TransportEventKind.Confirmed when _cutOffs.TryEnd(edge, happened.Messages, out var missed):
                _reliable.Renew(now);
                if (!missed.IsEmpty && !_streams.TrySend(now, edge, _frame.AsSpan(0, LostFrame.Write(missed, _frame)), out _))
                    _cutOffs.Add(edge, missed);
                _reliable.Retry(now, _settled);
                break;
            case TransportEventKind.FlowBroken or TransportEventKind.FlowClosed:
                // A later life has none of the subscriptions that missed anything, and who has left needs nothing.
                if (happened.Reason is FlowEndReason.Restarted or FlowEndReason.Revoked)
                    _cutOffs.Remove(edge);
                else
                    _cutOffs.OnStreamOver(edge);
                _streams.OnBroken(now, edge);
                break;
        }
    }

    /// <summary>Edges that were let go of are told, as soon as they can be.</summary>
    private void TellCutOff(MonoTime now)
    {
        if (_cutOffs.Count == 0)
            return;
        _cutOffs.CopyUntold(_untold);
        foreach (var (edge, missed) in _untold)
        {
            if (!_edges.Contains(edge))
                _cutOffs.Remove(edge);
            else if (_streams.TrySend(now, edge, _frame.AsSpan(0, LostFrame.Write(missed, _frame)), out var number))
                _cutOffs.OnTold(edge, number);
        }

        _untold.Clear();
    }

    /// <summary>After each call that changed anything: what follows from it for sessions and for other edges.</summary>
    private void Settle(MonoTime now)
    {
        _latest = now;
        while (_desk.TryTakeConfirmed(out var ticket))
            core.ConfirmSubscription(ticket);
        if (_desk.TakeArrivals())
            _reliable.Retry(now, _settled);
        foreach (var line in _settled)
        {
            if (line.IsOver)
                continue;
            line.Session.Publishing.Confirm();
            core.MarkReady(line.Session);
        }

        _settled.Clear();
        _streams.Pump(now);
        core.TellReady();
    }
}
