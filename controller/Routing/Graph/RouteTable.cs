using WeCan.Contracts;

namespace WeCan.Controller.Routing.Graph;

/// <summary>The routes of all nodes, as one computation left them. Not changed once made.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<NodeId, NodeRoutes> _rows;

    public RouteTable(Dictionary<NodeId, NodeRoutes> rows, int changed) => (_rows, Changed) = (rows, changed);

    /// <summary>Before anything was computed.</summary>
    public static RouteTable Empty { get; } = new([], 0);

    /// <summary>How many pairs of nodes have other ways than in the table before; each class counts.</summary>
    public int Changed { get; }

    public int Nodes => _rows.Count;

    /// <summary>A node's routes; null where nothing was computed for it.</summary>
    public NodeRoutes? Of(NodeId node) => _rows.GetValueOrDefault(node);
}
