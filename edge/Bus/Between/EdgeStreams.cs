using WeCan.Contracts;
using WeCan.Edge.Bus.Interest;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// The Signal flow to each other edge that interest goes on, and what else is for that edge alone. Opened when there is something to say,
/// and anew where it broke.
/// </summary>
internal sealed class EdgeStreams(Node node, InterestDesk desk)
{
    /// <summary>Before all publishers' messages: these wait for it.</summary>
    private const byte Priority = 7;

    private readonly Dictionary<NodeId, EdgeStream> _byEdge = [];
    private readonly Dictionary<FlowHandle, EdgeStream> _byFlow = [];
    private readonly HashSet<NodeId> _unsent = [];
    private readonly List<NodeId> _ready = [];
    private readonly byte[] _buffer = new byte[InterestLimits.MaxMessage];

    public bool TryFind(FlowHandle flow, out NodeId edge)
    {
        var found = _byFlow.TryGetValue(flow, out var stream);
        edge = stream?.Edge ?? NodeId.None;
        return found;
    }

    /// <summary>Sends what interest has to say since the last call.</summary>
    public void Pump(MonoTime now)
    {
        desk.TakeReady(_ready);
        foreach (var edge in _ready)
            _unsent.Add(edge);
        _ready.Clear();
        if (_unsent.Count == 0)
            return;
        _ready.AddRange(_unsent);
        foreach (var edge in _ready)
            Flush(now, edge);
        _ready.Clear();
    }

    /// <summary>Sends a message for one edge alone; <paramref name="number"/> is its place in the stream. False when there is no room.</summary>
    public bool TrySend(MonoTime now, NodeId edge, ReadOnlySpan<byte> message, out ulong number)
    {
        number = 0;
        return TryGet(edge, out var stream) && stream.Held is null && node.Send(now, stream.Flow, message, out number) == SendResult.Accepted;
    }

    /// <summary>There is room again.</summary>
    public void OnWritable(MonoTime now, NodeId edge) => Flush(now, edge);

    /// <summary>A flow is over; the next word opens another.</summary>
    public void OnBroken(MonoTime now, NodeId edge)
    {
        if (!_byEdge.Remove(edge, out var stream))
            return;
        _byFlow.Remove(stream.Flow);
        desk.FlowBroken(now, edge);
    }

    private void Flush(MonoTime now, NodeId edge)
    {
        if (!TryGet(edge, out var stream))
            return;
        if (stream.Held is { } held)
        {
            if (node.Send(now, stream.Flow, held, out _) != SendResult.Accepted)
                return;
            stream.Held = null;
        }

        while (desk.Take(now, edge, _buffer) is > 0 and var length)
        {
            if (node.Send(now, stream.Flow, _buffer.AsSpan(0, length), out _) == SendResult.Accepted)
                continue;
            stream.Held = _buffer.AsSpan(0, length).ToArray();
            return;
        }

        _unsent.Remove(edge);
    }

    private bool TryGet(NodeId edge, out EdgeStream stream)
    {
        if (_byEdge.TryGetValue(edge, out stream!))
            return true;
        if (node.OpenStream(edge, ServiceClass.Signal, Priority, out var flow) != OpenResult.Opened)
            return false;
        stream = new(edge, flow);
        _byEdge.Add(edge, stream);
        _byFlow.Add(flow, stream);
        return true;
    }

    private sealed class EdgeStream(NodeId edge, FlowHandle flow)
    {
        public NodeId Edge { get; } = edge;

        public FlowHandle Flow { get; } = flow;

        /// <summary>What was taken of interest and the flow had no room for.</summary>
        public byte[]? Held { get; set; }
    }
}
