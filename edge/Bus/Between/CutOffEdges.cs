using WeCan.Contracts;

namespace WeCan.Edge.Bus.Between;

/// <summary>
/// Edges for which a lane could keep no more, as they were silent or behind for too long. Until such an edge has been told of which spaces
/// messages were let go nothing is sent to it, and nobody waits for it; then it gets what is published from then on.
/// </summary>
internal sealed class CutOffEdges
{
    private readonly Dictionary<NodeId, CutOff> _edges = [];

    public int Count => _edges.Count;

    public void Add(NodeId edge, LostSpaces spaces)
    {
        if (!_edges.TryGetValue(edge, out var cutOff))
            _edges.Add(edge, cutOff = new());
        if (spaces.IsAny)
            cutOff.Missed.AddAny();
        foreach (var space in spaces.Named)
            cutOff.Missed.Add(space);
    }

    /// <summary>A message of this space does not go to that edge. False where the edge is not cut off.</summary>
    public bool TryMiss(NodeId edge, string space)
    {
        if (_edges.Count == 0 || !_edges.TryGetValue(edge, out var cutOff))
            return false;
        cutOff.Missed.Add(space);
        return true;
    }

    /// <summary>It has left, or lives anew.</summary>
    public void Remove(NodeId edge) => _edges.Remove(edge);

    /// <summary>Those that are to be told, and what.</summary>
    public void CopyUntold(List<(NodeId Edge, LostSpaces Missed)> edges)
    {
        foreach (var (edge, cutOff) in _edges)
        {
            if (cutOff.Told == 0)
                edges.Add((edge, cutOff.Missed));
        }
    }

    /// <summary>An edge is told, by this message of its stream.</summary>
    public void OnTold(NodeId edge, ulong number)
    {
        _edges[edge].Told = number;
        _edges[edge].Missed.Clear();
    }

    /// <summary>Its stream is over: it may not have heard, and what it was told is not known any more.</summary>
    public void OnStreamOver(NodeId edge)
    {
        if (!_edges.TryGetValue(edge, out var cutOff) || cutOff.Told == 0)
            return;
        cutOff.Told = 0;
        cutOff.Missed.AddAny();
    }

    /// <summary>An edge has this many messages of its stream. True when it is cut off no more; what it missed since it was told is still to be told.</summary>
    public bool TryEnd(NodeId edge, ulong messages, out LostSpaces missed)
    {
        missed = null!;
        if (_edges.Count == 0 || !_edges.TryGetValue(edge, out var cutOff) || cutOff.Told == 0 || cutOff.Told > messages)
            return false;
        _edges.Remove(edge);
        missed = cutOff.Missed;
        return true;
    }

    private sealed class CutOff
    {
        /// <summary>What it was not told of yet.</summary>
        public LostSpaces Missed { get; } = new();

        /// <summary>The message of its stream that tells it; 0 for none.</summary>
        public ulong Told { get; set; }
    }
}
