using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// The network as it is at one moment: its nodes in ascending order, what each direction of each link costs traffic of each class in
/// microseconds, and who carries traffic of others. Filled once and not changed from then on, so that any thread may reckon with it;
/// what is nearly the same shares its rows.
/// </summary>
internal sealed class Topology
{
    /// <summary>There is no link. Two of these add up without overflow, and no way over three links costs as much.</summary>
    public const int Unreachable = 1 << 29;

    /// <summary>No link costs more: a minute.</summary>
    public const int MaxCost = 1 << 26;

    /// <summary>How many classes have costs of their own.</summary>
    public const int Classes = 3;

    private readonly NodeId[] _nodes;
    private readonly int[][][] _rows;
    private readonly bool[] _carries;

    /// <param name="nodes">Ascending.</param>
    public Topology(params ReadOnlySpan<NodeId> nodes)
    {
        _nodes = nodes.ToArray();
        _carries = new bool[nodes.Length];
        Stride = SumScan.Whole(nodes.Length);
        _rows = new int[Classes][][];
        for (var each = 0; each < Classes; each++)
        {
            _rows[each] = new int[nodes.Length][];
            for (var from = 0; from < nodes.Length; from++)
            {
                _rows[each][from] = new int[Stride];
                _rows[each][from].AsSpan().Fill(Unreachable);
            }
        }
    }

    private Topology(Topology like, int[][][] rows) =>
        (_nodes, _carries, _rows, Stride, Restrictions, Loads) = (like._nodes, like._carries, rows, like.Stride, like.Restrictions, like.Loads);

    public static Topology Empty { get; } = new();

    public int Count => _nodes.Length;

    /// <summary>The length of a row: whole vectors, the rest of which cannot be reached.</summary>
    public int Stride { get; }

    public ReadOnlySpan<NodeId> Nodes => _nodes;

    /// <summary>Not to be written.</summary>
    public NodeId[] NodeArray => _nodes;

    /// <summary>Which of those that carry may be on whose ways.</summary>
    public Restrictions Restrictions { get; private set; } = Restrictions.None;

    /// <summary>What links carry now, where their load or what is paid for counts.</summary>
    public LinkLoads? Loads { get; private set; }

    public int IndexOf(NodeId node) => Array.BinarySearch(_nodes, node);

    public bool Carries(int node) => _carries[node];

    /// <summary>Whether a node may be on the way of a pair's traffic of a class.</summary>
    public bool MayCarry(RouteClass service, int origin, int destination, int node) =>
        _carries[node] && (Restrictions.IsNone || Restrictions.Allows(service, Restrictions.ScopeOf(service, origin, destination), node));

    public int Cost(RouteClass service, int from, int to) => _rows[(int)service][from][to];

    /// <summary>What the links away from a node cost; not to be written.</summary>
    public int[] Row(RouteClass service, int from) => _rows[(int)service][from];

    public void Let(int node, bool carry) => _carries[node] = carry;

    public void Restrict(Restrictions restrictions) => Restrictions = restrictions;

    public void Load(LinkLoads? loads) => Loads = loads;

    /// <summary>The same cost for all classes.</summary>
    public void Set(int from, int to, int cost)
    {
        for (var each = 0; each < Classes; each++)
            Set((RouteClass)each, from, to, cost);
    }

    public void Set(RouteClass service, int from, int to, int cost) => _rows[(int)service][from][to] = Bounded(from, to, cost);

    /// <summary>The same but for what one direction of one link costs the classes.</summary>
    public Topology With(int from, int to, params ReadOnlySpan<int> costs)
    {
        var rows = new int[Classes][][];
        for (var each = 0; each < Classes; each++)
        {
            rows[each] = [.. _rows[each]];
            rows[each][from] = [.. _rows[each][from]];
            rows[each][from][to] = Bounded(from, to, costs[each]);
        }

        return new(this, rows);
    }

    /// <summary>The same, with rows of the other where these are equal: what differs between the two is found sooner then.</summary>
    public Topology Sharing(Topology other)
    {
        if (!_nodes.AsSpan().SequenceEqual(other._nodes))
            return this;
        var rows = new int[Classes][][];
        for (var each = 0; each < Classes; each++)
        {
            rows[each] = [.. _rows[each]];
            for (var from = 0; from < _nodes.Length; from++)
            {
                if (rows[each][from].AsSpan().SequenceEqual(other._rows[each][from]))
                    rows[each][from] = other._rows[each][from];
            }
        }

        return new(this, rows);
    }

    /// <summary>Whether the two have the same nodes, which carry alike for whom they may.</summary>
    public bool HasNodesOf(Topology other) =>
        _nodes.AsSpan().SequenceEqual(other._nodes) && _carries.AsSpan().SequenceEqual(other._carries) && Restrictions.IsSame(other.Restrictions);

    private static int Bounded(int from, int to, int cost) => from == to || cost >= Unreachable ? Unreachable : Math.Clamp(cost, 1, MaxCost);
}
