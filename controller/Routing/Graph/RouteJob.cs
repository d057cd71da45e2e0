using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// One computation under way: what was held, laid out for the nodes of its topology, and the rows of what is chosen. A row is one
/// node's ways in one class; as long as none of them changes it is the one that was held. Several threads may write a row, each to places of its own.
/// </summary>
internal sealed class RouteJob
{
    private static readonly Dictionary<(RouteClass, NodeId, NodeId), RouteCause> NoStays = [];

    private readonly RouteTable _before;
    private readonly NodeRoutes[] _held;
    private readonly WaySet[][][] _heldRows;
    private readonly WaySet[][][] _rows;
    private readonly int[] _missing = new int[Topology.Classes];
    private int _changed;
    private (RouteClass Service, NodeId Origin, NodeId Destination)? _missingExample;

    public RouteJob(Topology topology, RoutePolicy policy, RouteTable before)
    {
        (Topology, Policy, _before) = (topology, policy, before);
        Nodes = topology.NodeArray;
        Places = new ushort[ushort.MaxValue + 1];
        for (var place = 0; place < Nodes.Length; place++)
            Places[Nodes[place].Value] = (ushort)(place + 1);
        _held = [.. Nodes.Select(node => before.Of(node) ?? NodeRoutes.None)];
        var none = new WaySet[Nodes.Length];
        none.AsSpan().Fill(WaySet.None);
        _heldRows = [.. Enumerable.Range(0, Topology.Classes).Select(each => (WaySet[][])[.. _held.Select(held => held == NodeRoutes.None ? none : held.For((RouteClass)each, Nodes))])];
        _rows = [.. _heldRows.Select(rows => (WaySet[][])[.. rows])];
    }

    public Topology Topology { get; }

    public RoutePolicy Policy { get; }

    public NodeId[] Nodes { get; }

    /// <summary>By a node's number its place and one, 0 where it is not in the topology.</summary>
    public ushort[] Places { get; }

    /// <summary>How many had their turn before. See <see cref="RouteTable.Turn"/>.</summary>
    public int Turn => _before.Turn;

    public int RelayTime => (int)Policy.RelayTime.Microseconds;

    public ref readonly WaySet Held(RouteClass service, int origin, int destination) => ref _heldRows[(int)service][origin][destination];

    /// <summary>Pairs may not simply take what is best for them.</summary>
    public bool IsGated => Policy.MostChanges < 1 || Topology.Loads is not null;

    /// <summary>A node's place; below zero where it is not in the topology.</summary>
    public int PlaceOf(NodeId node) => Places[node.Value] - 1;

    /// <summary>The places of a way from node to node; empty where one of them is gone.</summary>
    public int[] PlacesOf(int origin, Way way, int destination)
    {
        if (way.IsNone)
            return [];
        int[] places = way.Relays switch
        {
            0 => [origin, destination],
            1 => [origin, PlaceOf(way.First), destination],
            _ => [origin, PlaceOf(way.First), PlaceOf(way.Second), destination],
        };
        return places.AsSpan().Contains(-1) ? [] : places;
    }

    public void Put(RouteClass service, int origin, int destination, in WaySet ways)
    {
        ref var row = ref _rows[(int)service][origin];
        var held = _heldRows[(int)service][origin];
        if (row == held)
            Interlocked.CompareExchange(ref row, [.. held], held);
        row[destination] = ways;
    }

    public void CountChanged(int changed) => Interlocked.Add(ref _changed, changed);

    /// <summary>Only what changes is looked at, beside what was counted before.</summary>
    public void CountFromBefore()
    {
        for (var each = 0; each < Topology.Classes; each++)
            _missing[each] = _before.MissingOf[each];
    }

    public void CountMissing(RouteClass service, int more, (RouteClass Service, NodeId Origin, NodeId Destination)? example)
    {
        Interlocked.Add(ref _missing[(int)service], more);
        if (example is not null)
            _missingExample = example;
    }

    /// <summary>The table that came out: the one before, where nothing is different.</summary>
    public RouteTable Finish(MoveGate? gate)
    {
        var routes = new NodeRoutes[Nodes.Length];
        Parallel.For(0, Nodes.Length, node => routes[node] = IsAsHeld(node) ? _held[node] : _held[node].Next(Nodes, [.. _rows.Select(rows => rows[node])]));
        if (_changed == 0 && Nodes.Length == _before.Nodes && routes.AsSpan().SequenceEqual(_held))
            return _before.Again(gate?.Waiting ?? 0, gate?.Turn ?? Turn, gate?.Stays ?? NoStays);
        var table = new Dictionary<NodeId, NodeRoutes>(Nodes.Length);
        for (var node = 0; node < Nodes.Length; node++)
            table.Add(Nodes[node], routes[node]);
        return new(table, _changed)
        {
            Waiting = gate?.Waiting ?? 0,
            Turn = gate?.Turn ?? Turn,
            Stays = gate?.Stays ?? NoStays,
            Moves = gate?.Moves ?? [],
            MissingOf = _missing,
            MissingExample = _missingExample,
        };
    }

    private bool IsAsHeld(int node)
    {
        for (var each = 0; each < Topology.Classes; each++)
        {
            if (_rows[each][node] != _held[node].For((RouteClass)each, Nodes))
                return false;
        }

        return _held[node] != NodeRoutes.None;
    }
}
