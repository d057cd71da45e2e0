using WeCan.Contracts;
using WeCan.Edge.Bus.Fanout;
using WeCan.Edge.Bus.Interest;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// Realtime messages of this edge's clients on their way to the edges of their subscribers: a flow to many for each publisher, priority and
/// audience, so that one publisher's queue is not another's, and used again as long as the audience is the same. What cannot
/// go at once is let go of.
/// </summary>
internal sealed class RealtimeAudiences(Node node, InterestDesk desk, BusCounters counters)
{
    private readonly Dictionary<(PublisherName Publisher, byte Priority), List<Audience>> _byPublisher = [];
    private readonly Dictionary<FlowHandle, Audience> _flows = [];
    private readonly LinkedList<Audience> _byUse = new();
    private readonly EdgeSet _edges = new();
    private readonly byte[] _buffer = new byte[BetweenLimits.MaxHead + FrameLimits.MaxRealtimePayload];

    public int Count => _flows.Count;

    public void Publish(MonoTime now, in BusMessage message)
    {
        _edges.Clear();
        if (!desk.TryMatch(now, message.Subject, out var edges))
        {
            counters.Drop(RealtimeDrop.NotInStep);
            return;
        }

        foreach (var edge in edges)
        {
            if (node.TryGetEdgeIndex(edge, out var index))
                _edges.Add(index);
        }

        if (_edges.Count == 0)
            return;
        if (message.Expires < now)
        {
            counters.Drop(RealtimeDrop.Late);
            return;
        }

        var length = BetweenMessage.Write(now, message, _buffer, out _);
        if (!TryFind(now, (message.Publisher, message.Traits.Priority), out var audience)
            || node.SendUntil(now, audience.Flow, _buffer.AsSpan(0, length), message.Expires) != SendResult.Accepted)
        {
            counters.Drop(RealtimeDrop.NoRoom);
            return;
        }

        counters.MessagesToEdges++;
        counters.EdgesAddressed += _edges.Count;
    }

    /// <summary>A flow is over, or has lost an edge of its audience: the next message opens another. False when it is none of these flows.</summary>
    public bool TryHandle(MonoTime now, in TransportEvent happened)
    {
        if (!_flows.TryGetValue(happened.Flow, out var audience))
            return false;
        if (happened.Kind is TransportEventKind.DestinationLost or TransportEventKind.FlowBroken)
            Close(now, audience);
        return true;
    }

    private bool TryFind(MonoTime now, (PublisherName Publisher, byte Priority) key, out Audience audience)
    {
        if (_byPublisher.TryGetValue(key, out var own))
        {
            foreach (var known in own)
            {
                if (!known.Edges.HoldsSame(_edges))
                    continue;
                audience = known;
                _byUse.Remove(known.Place);
                _byUse.AddLast(known.Place);
                return true;
            }
        }

        return TryOpen(now, key, out audience);
    }

    private bool TryOpen(MonoTime now, (PublisherName Publisher, byte Priority) key, out Audience audience)
    {
        audience = null!;
        if (_flows.Count >= BetweenLimits.MaxRealtimeFlows)
            Close(now, _byUse.First!.Value);
        if (node.OpenRealtimeMulticast(_edges, key.Priority, BetweenLimits.MaxDeadline, out var flow) != OpenResult.Opened)
            return false;
        audience = new(key, flow);
        audience.Edges.CopyFrom(_edges);
        audience.Place = _byUse.AddLast(audience);
        _flows.Add(flow, audience);
        if (!_byPublisher.TryGetValue(key, out var own))
            _byPublisher.Add(key, own = []);
        own.Add(audience);
        return true;
    }

    private void Close(MonoTime now, Audience audience)
    {
        node.CloseFlow(now, audience.Flow);
        _flows.Remove(audience.Flow);
        _byUse.Remove(audience.Place);
        var own = _byPublisher[audience.Key];
        own.Remove(audience);
        if (own.Count == 0)
            _byPublisher.Remove(audience.Key);
    }

    private sealed class Audience((PublisherName Publisher, byte Priority) key, FlowHandle flow)
    {
        public (PublisherName Publisher, byte Priority) Key { get; } = key;

        public FlowHandle Flow { get; } = flow;

        public EdgeSet Edges { get; } = new();

        public LinkedListNode<Audience> Place { get; set; } = null!;
    }
}
