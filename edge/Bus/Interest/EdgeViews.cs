using WeCan.Contracts;

namespace WeCan.Edge.Bus.Interest;

/// <summary>
/// The membership's edges, and those before as long as it matters who was of a pair then. All the pairs follow from it.
/// </summary>
internal sealed class EdgeViews
{
    private readonly List<EdgeView> _views = [];
    private readonly HashSet<NodeId> _members = [];

    public ulong Version => _views.Count == 0 ? 0 : _views[^1].Version;

    public ReadOnlySpan<NodeId> Edges => _views.Count == 0 ? [] : _views[^1].Edges;

    public bool IsKnown => _views.Count > 0;

    public bool Contains(NodeId edge) => _members.Contains(edge);

    /// <summary>False when it is none that is newer.</summary>
    public bool TryAdopt(MonoTime now, ulong version, ReadOnlySpan<NodeId> edges)
    {
        if (IsKnown && version <= Version)
            return false;
        var sorted = edges.ToArray();
        Array.Sort(sorted);
        _views.Add(new(version, now, sorted));
        while (_views.Count > InterestLimits.MaxViews || (_views.Count > 1 && _views[1].Adopted + InterestLimits.OpenAnyway < now))
            _views.RemoveAt(0);
        _members.Clear();
        _members.UnionWith(sorted);
        return true;
    }

    public HomePair PairOf(ReadOnlySpan<byte> space) => HomePair.Of(space, Edges);

    /// <summary>Of an edge that is in the pair now.</summary>
    public HomeTenure TenureOf(ReadOnlySpan<byte> space, NodeId edge)
    {
        var index = _views.Count - 1;
        while (index > 0 && HomePair.Of(space, _views[index - 1].Edges).Contains(edge))
            index--;
        return new(_views[index].Adopted, _views[index].Version);
    }
}
