using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// One class of a topology laid out for the search. For each destination it knows, from every relay, what the best way on with at
/// most one relay more costs, and the next two behind it: with that the best way of two relays is one pass over a row, and mostly the best one
/// without some relays too. The time that a relay takes is in what
/// leads away from it, and what does not carry leads nowhere. Written by one thread, or by several for different destinations.
/// </summary>
internal sealed class Onward
{
    /// <summary>Destinations that one thread reckons beside one another: each row of links is read once for all of them.</summary>
    public const int Tile = 16;

    /// <summary>Destinations of which the sums are gone through together.</summary>
    private const int Together = 4;

    private readonly RouteClass _service;
    private readonly int _relayTime;
    private readonly int _stride;
    private readonly int[] _last;
    private readonly int[] _onward;
    private readonly short[] _via;
    private readonly Alternates[] _alternates;
    private readonly int[][] _links;
    private readonly HashSet<int> _ownRows = [];
    private readonly bool[] _carries;

    public Onward(Topology topology, RouteClass service, int scope, int relayTime)
    {
        Scope = scope;
        _carries = [.. Enumerable.Range(0, topology.Count).Select(node => topology.Carries(node) && topology.Restrictions.Allows(service, scope, node))];
        (Topology, _service, _relayTime, _stride) = (topology, service, relayTime, topology.Stride);
        _links = [.. Enumerable.Range(0, topology.Count).Select(from => topology.Row(service, from))];

        // What is reckoned past the last destination lies in rows of its own, which nobody reads.
        var rows = (topology.Count + Together - 1) / Together * Together;
        (_last, _onward, _via, _alternates) = (new int[rows * _stride], new int[rows * _stride], new short[rows * _stride], new Alternates[rows * _stride]);
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

    /// <summary>The relays on the best ways on; <see cref="Alternates.NoRelay"/> where it is the link itself.</summary>
    public ReadOnlySpan<short> Via(int destination) => _via.AsSpan(destination * _stride, _stride);

    /// <summary>The next best ways on from each node.</summary>
    public ReadOnlySpan<Alternates> AlternatesTo(int destination) => _alternates.AsSpan(destination * _stride, _stride);

    /// <summary>Lays out what leads to the destinations of one tile. All tiles have to be laid out before any is reckoned.</summary>
    public void LayOut(int tile)
    {
        var first = tile * Tile;
        var count = Math.Min(Tile, Count - first);
        Rows(_last, tile).Fill(Topology.Unreachable);
        Rows(_onward, tile).Fill(Topology.Unreachable);
        for (var from = 0; from < Count; from++)
        {
            if (!_carries[from])
                continue;
            var links = Links(from);
            for (var each = 0; each < count; each++)
                _last[((first + each) * _stride) + from] = Passing(links[first + each]);
        }
    }

    /// <summary>The rows of one tile's destinations, and those past the last one.</summary>
    private Span<int> Rows(int[] rows, int tile) => rows.AsSpan(tile * Tile * _stride, Math.Min(Tile * _stride, rows.Length - (tile * Tile * _stride)));

    /// <summary>Reckons the best ways on to the destinations of one tile.</summary>
    public void Reckon(int tile)
    {
        Span<RankedSums> ranked = new RankedSums[Together];
        var end = Math.Min((tile + 1) * Tile, Count);
        for (var from = 0; from < Count; from++)
        {
            if (!_carries[from])
                continue;
            for (var first = tile * Tile; first < end; first += Together)
            {
                SumScan.RankFour(Last(first), Last(first + 1), Last(first + 2), Last(first + 3), Links(from), ranked);
                for (var destination = first; destination < Math.Min(first + Together, end); destination++)
                    Put(destination, from, ranked[destination - first]);
            }
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

    /// <summary>The ways on from one node to one destination, of which the one over a relay costs something else now.</summary>
    private void ReckonAgain(int destination, int from, int relay)
    {
        var at = (destination * _stride) + from;
        var over = relay == destination ? Topology.Unreachable : Passing(Links(from)[relay] + _last[(destination * _stride) + relay]);
        if (relay != destination && _via[at] != relay && _alternates[at].Second != relay && _alternates[at].Third != relay && (over > MostKnown(at) || over >= Topology.Unreachable))
            return;
        SumScan.Rank(Links(from), Last(destination), out var ranked);
        Put(destination, from, ranked);
    }

    /// <summary>What the worst of the ways on costs that are known from one node to one destination; nothing costs more where all are known.</summary>
    private int MostKnown(int at)
    {
        if (_via[at] == Alternates.NoRelay)
            return _onward[at];
        var alternates = _alternates[at];
        var more = alternates.Second == Alternates.NoRelay ? alternates.SecondMore : alternates.ThirdMore;
        return more == Alternates.Far ? Topology.Unreachable : _onward[at] + more;
    }

    private void Put(int destination, int from, in RankedSums ranked)
    {
        if (destination == from)
            return;
        var at = (destination * _stride) + from;
        var direct = Links(from)[destination];
        var least = ranked.First;
        var isDirect = direct <= SumScan.SumOf(least);
        _onward[at] = Passing(isDirect ? direct : SumScan.SumOf(least));
        _via[at] = (short)(isDirect ? Alternates.NoRelay : SumScan.PlaceOf(least));
        _alternates[at] = isDirect ? Alternates.None : AlternatesOf(destination, from, ranked, least);
    }

    /// <summary>The ways on behind the best, which has a relay. Behind the link itself nobody looks for another: nothing forbids it.</summary>
    private Alternates AlternatesOf(int destination, int from, in RankedSums ranked, long best)
    {
        var direct = Links(from)[destination];
        Span<int> relays = [SumScan.PlaceOf(best), Alternates.NoWay, Alternates.NoWay];
        Span<int> mores = [0, Alternates.Far, Alternates.Far];
        var rest = ranked;
        for (var rank = 1; rank < relays.Length; rank++)
        {
            rest = rest.Without(relays[rank - 1]);
            var next = rest.First;
            if (SumScan.SumOf(next) >= rest.Others && rest.Others < Topology.Unreachable)
                next = SumScan.Least(Links(from), Last(destination), relays[..rank]);
            var cost = Math.Min(direct, SumScan.SumOf(next));
            if (cost >= Topology.Unreachable)
                break;
            (relays[rank], mores[rank]) = (direct <= cost ? Alternates.NoRelay : SumScan.PlaceOf(next), cost - SumScan.SumOf(best));
            if (direct <= cost)
                break;
        }

        return new(relays[1], mores[1], relays[2], mores[2]);
    }

    private int Passing(int cost) => Math.Min(cost + _relayTime, Topology.Unreachable);
}
