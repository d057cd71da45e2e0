using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// One class of a topology laid out for the search. For each destination it knows, from every relay, what the best way on with at
/// most one relay more costs: with that the best way of two relays is one pass over a row. The time that a relay takes is in what
/// leads away from it, and what does not carry leads nowhere. Written by one thread, or by several for different destinations.
/// </summary>
internal sealed class Onward
{
    /// <summary>The way on is the link itself.</summary>
    public const int NoRelay = -1;

    /// <summary>Destinations that are reckoned beside one another: each row of links is read once for all of them.</summary>
    public const int Tile = 4;

    private readonly RouteClass _service;
    private readonly int _relayTime;
    private readonly int _stride;
    private readonly int[] _last;
    private readonly int[] _onward;
    private readonly short[] _via;
    private readonly int[][] _links;
    private readonly HashSet<int> _ownRows = [];
    private readonly bool[] _carries;

    public Onward(Topology topology, RouteClass service, int scope, int relayTime)
    {
        Scope = scope;
        _carries = [.. Enumerable.Range(0, topology.Count).Select(node => topology.Carries(node) && topology.Restrictions.Allows(service, scope, node))];
        (Topology, _service, _relayTime, _stride) = (topology, service, relayTime, topology.Stride);
        _links = [.. Enumerable.Range(0, topology.Count).Select(from => topology.Row(service, from))];

        // Whole tiles: what is reckoned past the last destination lies in rows of its own, which nobody reads.
        var rows = (topology.Count + Tile - 1) / Tile * Tile;
        (_last, _onward, _via) = (new int[rows * _stride], new int[rows * _stride], new short[rows * _stride]);
    }

    public Topology Topology { get; private set; }

    public RouteClass Service => _service;

    /// <summary>Whose traffic of the class it is for.</summary>
    public int Scope { get; }

    public int RelayTime => _relayTime;

    public int Count => Topology.Count;

    public int Tiles => (Count + Tile - 1) / Tile;

    /// <summary>Whether a node may be on the ways that are looked for here.</summary>
    public bool Carries(int node) => _carries[node];

    /// <summary>What the links away from a node cost.</summary>
    public int[] Links(int from) => _links[from];

    /// <summary>For each node, what passing it as the last relay and the link from there to the destination cost.</summary>
    public Span<int> Last(int destination) => _last.AsSpan(destination * _stride, _stride);

    /// <summary>For each node, what passing it and the best way on from there cost.</summary>
    public ReadOnlySpan<int> To(int destination) => _onward.AsSpan(destination * _stride, _stride);

    /// <summary>The relay on the best way on from a node; <see cref="NoRelay"/> where it is the link itself.</summary>
    public int Via(int destination, int from) => _via[(destination * _stride) + from];

    /// <summary>Lays out what leads to the destinations of one tile. All tiles have to be laid out before any is reckoned.</summary>
    public void LayOut(int tile)
    {
        var first = tile * Tile;
        for (var each = 0; each < Tile; each++)
            Last(first + each).Fill(Topology.Unreachable);
        var count = Math.Min(Tile, Count - first);
        for (var from = 0; from < Count; from++)
        {
            if (!_carries[from])
                continue;
            var links = Links(from);
            for (var each = 0; each < count; each++)
                _last[((first + each) * _stride) + from] = Passing(links[first + each]);
        }
    }

    /// <summary>Reckons the best ways on to the destinations of one tile.</summary>
    public void Reckon(int tile)
    {
        var first = tile * Tile;
        var last = _last.AsSpan(first * _stride, Tile * _stride);
        Span<long> least = stackalloc long[Tile];
        _onward.AsSpan(first * _stride, Tile * _stride).Fill(Topology.Unreachable);
        var count = Math.Min(Tile, Count - first);
        for (var from = 0; from < Count; from++)
        {
            if (!_carries[from])
                continue;
            SumScan.LeastOfFour(Links(from), last, least);
            for (var each = 0; each < count; each++)
                Put(first + each, from, least[each]);
        }
    }

    /// <summary>One direction of one link costs something else: what changes by that is reckoned anew.</summary>
    public void Change(int from, int to, int cost)
    {
        if (_ownRows.Add(from))
            _links[from] = [.. _links[from]];
        _links[from][to] = cost;
        if (_carries[from])
            _last[(to * _stride) + from] = Passing(cost);
        for (var other = 0; other < Count; other++)
        {
            if (_carries[from])
                ReckonAgain(other, from, to);
            if (other != from && _carries[other])
                ReckonAgain(to, other, from);
        }
    }

    /// <summary>All changes are made that lead to a topology of the same nodes: its rows are taken for those of one's own.</summary>
    public void Settle(Topology topology)
    {
        Topology = topology;
        for (var from = 0; from < Count; from++)
            _links[from] = topology.Row(_service, from);
        _ownRows.Clear();
    }

    /// <summary>The way on from one node to one destination, of which the way over one relay costs something else now.</summary>
    private void ReckonAgain(int destination, int from, int relay)
    {
        var at = (destination * _stride) + from;
        var over = relay == destination ? Topology.Unreachable : Passing(Links(from)[relay] + _last[(destination * _stride) + relay]);
        if (relay == destination || _via[at] == relay || over <= _onward[at])
            Put(destination, from, SumScan.Least(Links(from), Last(destination)));
    }

    private void Put(int destination, int from, long least)
    {
        if (destination == from)
            return;
        var at = (destination * _stride) + from;
        var direct = Links(from)[destination];
        var isDirect = direct <= SumScan.SumOf(least);
        _onward[at] = Passing(isDirect ? direct : SumScan.SumOf(least));
        _via[at] = (short)(isDirect ? NoRelay : SumScan.PlaceOf(least));
    }

    private int Passing(int cost) => Math.Min(cost + _relayTime, Topology.Unreachable);
}
