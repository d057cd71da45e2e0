using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.Edge.Bus.Interest;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// Reliable messages of this edge's clients on their way to the edges of their subscribers: one multicast flow for each priority, whatever
/// the audience, so that each link carries a message once. What cannot go yet, as nobody may say yet who its subscribers are or a
/// flow is full, waits in its publisher's line, and what follows it waits behind it.
/// </summary>
internal sealed class ReliableSender(Node node, InterestDesk desk, BusCounters counters, CutOffEdges cutOffs)
{
    private readonly ReliableLane?[] _lanes = new ReliableLane?[MessageTraits.MaxPriority + 1];
    private readonly Dictionary<FlowHandle, ReliableLane> _flows = [];
    private readonly Queue<PublishLine> _waiting = new();
    private readonly List<PublishLine> _settled = [];
    private readonly EdgeSet _audience = new();
    private byte[] _buffer = new byte[4_096];
    private long _heldBytes;

    public bool HasRoom => _heldBytes < BetweenLimits.MaxHeldBytes;

    /// <summary>Takes a message of a publisher's: sends it, or keeps it until it can be sent.</summary>
    public void Publish(MonoTime now, PublishLine line, in BusMessage message)
    {
        if (!line.HasHeld && TrySend(now, line, message))
            return;
        line.Session.Publishing.Hold(message.Number);
        var held = message.Keep();
        line.Hold(held);
        _heldBytes += held.Bytes;
        counters.Held++;
        if (line.IsQueued)
            return;
        line.IsQueued = true;
        _waiting.Enqueue(line);
    }

    /// <summary>A publisher is gone: what waits of him will be said to another edge, if he lives.</summary>
    public void End(PublishLine line)
    {
        var (messages, bytes) = line.End();
        counters.Held -= messages;
        _heldBytes -= bytes;
    }

    /// <summary>Something has changed for which messages may have waited: by turns, each line sends what it may.</summary>
    /// <param name="now">The time.</param>
    /// <param name="settled">Lines whose settled number or room has changed.</param>
    public void Retry(MonoTime now, List<PublishLine> settled)
    {
        var hasSent = true;
        while (hasSent)
        {
            hasSent = false;
            for (var turns = _waiting.Count; turns > 0; turns--)
            {
                var line = _waiting.Dequeue();
                if (SendHeld(now, line))
                {
                    hasSent = true;
                    settled.Add(line);
                }

                line.IsQueued = line.HasHeld;
                if (line.IsQueued)
                    _waiting.Enqueue(line);
            }
        }
    }

    /// <summary>A flow tells something. False when it is none of these flows.</summary>
    public bool TryHandle(MonoTime now, in TransportEvent happened, List<PublishLine> settled)
    {
        if (!_flows.TryGetValue(happened.Flow, out var lane))
            return false;
        switch (happened.Kind)
        {
            case TransportEventKind.FlowWritable:
                lane.IsFull = false;
                SendRest(now, lane);
                break;
            case TransportEventKind.Confirmed:
                Confirm(now, lane, happened.Messages, settled);
                break;
            case TransportEventKind.FlowClosed or TransportEventKind.FlowBroken:
                Confirm(now, lane, ulong.MaxValue, settled);
                _flows.Remove(happened.Flow);
                Retire(now, lane);
                break;
            case TransportEventKind.DestinationLost when happened.Reason is not (FlowEndReason.Restarted or FlowEndReason.Revoked):
                CutOff(lane, happened);
                break;
        }

        Retry(now, settled);
        return true;
    }

    /// <summary>Where nothing can go to an edge in a flow that has lost it, other flows are begun.</summary>
    public void Renew(MonoTime now)
    {
        foreach (var lane in _lanes)
        {
            if (lane is not null)
                Retire(now, lane);
        }
    }

    private bool SendHeld(MonoTime now, PublishLine line)
    {
        var sent = 0;
        for (; sent < BetweenLimits.HeldAtATime && line.TryPeekHeld(out var held); sent++)
        {
            if (held.Expires < now)
                line.Session.Publishing.RefuseHeld(held.Number);
            else if (!TrySend(now, line, BusMessage.Of(held)))
                break;
            line.Session.Publishing.ReleaseQuietly(held.Number);
            _heldBytes -= line.DropHeld();
            counters.Held--;
        }

        return sent > 0;
    }

    private bool TrySend(MonoTime now, PublishLine line, in BusMessage message)
    {
        if (LaneOf(now, line, message.Traits.Priority) is not { IsFull: false } lane || !TryFindAudience(now, line, message))
            return false;
        if (_audience.Count == 0)
            return true;
        var longest = BetweenLimits.MaxHead + message.Payload.Length;
        if (_buffer.Length < longest)
            _buffer = new byte[longest];
        var length = BetweenMessage.Write(now, message, _buffer, out var rest);
        var result = node.SendMulticast(now, lane.Flow, _audience, _buffer.AsSpan(0, length), out var number);
        if (result != SendResult.Accepted)
        {
            // Whatever else it is but full, this flow can take no message for these edges any more, and another may.
            lane.IsFull = true;
            if (result != SendResult.WouldBlock)
                Retire(now, lane);
            return false;
        }

        counters.MessagesToEdges++;
        counters.EdgesAddressed += _audience.Count;
        if (!rest.IsEmpty)
        {
            lane.Rest = [BetweenKind.Rest, .. rest];
            lane.RestEdges.CopyFrom(_audience);
            SendRest(now, lane);
        }

        lane.Outstanding.Enqueue((rest.IsEmpty ? number : number + 1, line, message.Number));
        line.OnSent(lane);
        line.Session.Publishing.Hold(message.Number);
        return true;
    }

    private static void NoteSettled(PublishLine line, List<PublishLine> settled)
    {
        if (!line.IsOver && (settled.Count == 0 || settled[^1] != line))
            settled.Add(line);
    }

    /// <summary>The lane that a line's next message goes on; none while it must wait for what went before on a flow that is used no more.</summary>
    private ReliableLane? LaneOf(MonoTime now, PublishLine line, byte priority)
    {
        if (line.IsBound(now) && line.Lane is { } bound)
        {
            if (!bound.IsRetired)
                return bound;
            if (line.HasOutstanding)
                return null;
        }

        if (_lanes[priority] is { } lane)
            return lane;
        if (node.OpenMulticast(ServiceClass.Signal, priority, out var flow) != OpenResult.Opened)
            return null;
        lane = new(flow);
        _flows.Add(flow, lane);
        return _lanes[priority] = lane;
    }

    private bool TryFindAudience(MonoTime now, PublishLine line, in BusMessage message)
    {
        _audience.Clear();
        if (!desk.TryMatch(now, message.Subject, out var edges))
            return false;
        foreach (var edge in edges)
        {
            if (cutOffs.TryMiss(edge, line.Session.Token.Space))
                continue;

            // The node hears of a member by another way than interest does, and a little later perhaps.
            if (!node.TryGetEdgeIndex(edge, out var index))
                return false;
            _audience.Add(index);
        }

        return true;
    }

    private void SendRest(MonoTime now, ReliableLane lane)
    {
        if (lane.Rest is null)
            return;
        lane.IsFull = node.SendMulticast(now, lane.Flow, lane.RestEdges, lane.Rest, out _) == SendResult.WouldBlock;
        if (lane.IsFull)
            return;
        lane.Rest = null;
        if (lane.IsRetired)
            node.CloseFlow(now, lane.Flow);
    }

    private static void Confirm(MonoTime now, ReliableLane lane, ulong messages, List<PublishLine> settled)
    {
        while (lane.Outstanding.TryPeek(out var first) && first.Number <= messages)
        {
            lane.Outstanding.Dequeue();
            first.Line.OnConfirmed(now);
            first.Line.Session.Publishing.ReleaseQuietly(first.Published);
            NoteSettled(first.Line, settled);
        }
    }

    private void CutOff(ReliableLane lane, in TransportEvent happened)
    {
        var missed = new LostSpaces();
        foreach (var (number, line, _) in lane.Outstanding)
        {
            if (number > happened.Messages)
                missed.Add(line.Session.Token.Space);
        }

        counters.EdgesCutOff++;
        cutOffs.Add(happened.Destination, missed);
    }

    private void Retire(MonoTime now, ReliableLane lane)
    {
        if (lane.IsRetired)
            return;
        lane.IsRetired = true;
        var priority = Array.IndexOf(_lanes, lane);
        if (priority >= 0)
            _lanes[priority] = null;
        if (lane.Rest is null)
            node.CloseFlow(now, lane.Flow);
    }
}
