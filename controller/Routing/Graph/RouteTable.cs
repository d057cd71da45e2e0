using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>The routes of all nodes, as one computation left them. Not changed once made.</summary>
internal sealed class RouteTable
{
    private static readonly Dictionary<(RouteClass, NodeId, NodeId), RouteCause> NoStays = [];

    private readonly Dictionary<NodeId, NodeRoutes> _rows;

    public RouteTable(Dictionary<NodeId, NodeRoutes> rows, int changed) => (_rows, Changed) = (rows, changed);

    /// <summary>Before anything was computed.</summary>
    public static RouteTable Empty { get; } = new([], 0);

    /// <summary>How many pairs of nodes have other ways than in the table before; each class counts.</summary>
    public int Changed { get; }

    /// <summary>Pairs for which a better way is known, and whose turn it was not.</summary>
    public int Waiting { get; init; }

    /// <summary>Why pairs stay for which a better way is known; not all of them, where these are many.</summary>
    public IReadOnlyDictionary<(RouteClass Service, NodeId Origin, NodeId Destination), RouteCause> Stays { get; init; } = NoStays;

    /// <summary>By class, the pairs to which no way leads.</summary>
    public IReadOnlyList<int> MissingOf { get; init; } = new int[Topology.Classes];

    /// <summary>All of them together.</summary>
    public int Missing => MissingOf.Sum();

    /// <summary>One of them, where this computation found it.</summary>
    public (RouteClass Service, NodeId Origin, NodeId Destination)? MissingExample { get; init; }

    /// <summary>Pairs with traffic that go another way than in the table before, where loads count.</summary>
    public IReadOnlyList<Moved> Moves { get; init; } = [];

    /// <summary>How many have had their turn to look for another way, since there were more than a round looks for.</summary>
    public int Turn { get; init; }

    public int Nodes => _rows.Count;

    /// <summary>The same routes, with others who wait.</summary>
    public RouteTable Again(int waiting, int turn, IReadOnlyDictionary<(RouteClass Service, NodeId Origin, NodeId Destination), RouteCause> stays) =>
        waiting == Waiting && turn == Turn && Moves.Count == 0 && stays.Count == 0 && Stays.Count == 0 ? this : new(_rows, 0) { Waiting = waiting, Turn = turn, Stays = stays, MissingOf = MissingOf };

    /// <summary>A node's routes; null where nothing was computed for it.</summary>
    public NodeRoutes? Of(NodeId node) => _rows.GetValueOrDefault(node);
}
