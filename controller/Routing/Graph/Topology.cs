using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The network as it is at one moment: its nodes in ascending order, what each direction of each link costs in microseconds, and
/// who carries traffic of others. Made once and not changed from then on, so that any thread may reckon with it.
/// </summary>
internal sealed class Topology
{
    /// <summary>There is no link. Three of these still add up without overflow.</summary>
    public const int Unreachable = 1 << 29;

    /// <summary>No link costs more: 4 minutes.</summary>
    public const int MaxCost = 1 << 28;

    private readonly NodeId[] _nodes;
    private readonly int[] _costs;
    private readonly bool[] _carries;

    /// <param name="nodes">Ascending.</param>
    public Topology(params ReadOnlySpan<NodeId> nodes)
    {
        _nodes = nodes.ToArray();
        _costs = new int[nodes.Length * nodes.Length];
        _costs.AsSpan().Fill(Unreachable);
        _carries = new bool[nodes.Length];
    }

    public static Topology Empty { get; } = new();

    public int Count => _nodes.Length;

    public ReadOnlySpan<NodeId> Nodes => _nodes;

    public int IndexOf(NodeId node) => Array.BinarySearch(_nodes, node);

    public bool Carries(int node) => _carries[node];

    public int Cost(int from, int to) => _costs[(from * Count) + to];

    internal void Let(int node, bool carry) => _carries[node] = carry;

    internal void Set(int from, int to, int cost) => _costs[(from * Count) + to] = from == to ? Unreachable : Math.Clamp(cost, 1, MaxCost);
}
