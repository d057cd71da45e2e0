namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// Finds the cheapest ways of at most two relays to one destination after another; one thread uses one. For each destination it
/// reckons first, for every carrier, the cheapest way on with at most one relay more: with that, the best way from a node is one
/// pass over its row. Which second relays are good behind a first one is remembered from one node to the next.
/// </summary>
internal sealed class WaySearch(Topology topology, Carriers carriers)
{
    /// <summary>
    /// Relays that are ranked for a place of which others may be taken: three ways before take six of them and the origin is one, so the
    /// next is always among them.
    /// </summary>
    private const int Ranked = ShortList.Room;

    private readonly int[] _onward = new int[carriers.Stride];
    private readonly int[] _secondCosts = new int[carriers.Count * Ranked];
    private readonly int[] _secondPlaces = new int[carriers.Count * Ranked];
    private readonly int[] _secondCount = new int[carriers.Count];
    private readonly int[] _firstCosts = new int[Ranked];
    private readonly int[] _firstPlaces = new int[Ranked];
    private readonly int[] _onlyCosts = new int[Ranked];
    private readonly int[] _onlyPlaces = new int[Ranked];
    private int _firstCount;
    private int _onlyCount;
    private int _origin;
    private int _destination;

    /// <summary>Turns to a destination.</summary>
    public void TurnTo(int destination)
    {
        _destination = destination;
        Array.Fill(_secondCount, -1);
        var last = carriers.Out(destination);
        for (var place = 0; place < carriers.Count; place++)
            _onward[place] = Math.Min(last[place], ShortList.Least(carriers.Between(place), last));
        _onward.AsSpan(carriers.Count).Fill(Topology.Unreachable);
        if (carriers.PlaceOf(destination) is var own and >= 0)
            _onward[own] = Topology.Unreachable;
    }

    /// <summary>Turns to an origin of ways to the present destination.</summary>
    public void StartAt(int origin)
    {
        _origin = origin;
        var firsts = new ShortList(_firstCosts, _firstPlaces);
        firsts.Fill(carriers.Into(origin), _onward);
        _firstCount = firsts.Count;
        var only = new ShortList(_onlyCosts, _onlyPlaces);
        only.Fill(carriers.Into(origin), carriers.Out(_destination));
        _onlyCount = only.Count;
    }

    /// <summary>
    /// The cheapest way that leaves out the relays of <paramref name="taken"/>, and the direct link too if it may not be used. With
    /// nothing taken there is no cheaper one of at most two relays. Else there is no cheaper one of at most one relay, and one is
    /// found wherever there is one of two.
    /// </summary>
    public FoundWay Find(ReadOnlySpan<int> taken, bool mayBeDirect)
    {
        var best = new FoundWay(mayBeDirect ? topology.Cost(_origin, _destination) : Topology.Unreachable, -1, -1);
        for (var i = 0; i < _onlyCount && _onlyCosts[i] < best.Cost; i++)
        {
            if (!IsTaken(_onlyPlaces[i], taken))
                best = new(_onlyCosts[i], _onlyPlaces[i], -1);
        }

        var into = carriers.Into(_origin);
        for (var i = 0; i < _firstCount && _firstCosts[i] < best.Cost; i++)
            best = Better(best, into, _firstPlaces[i], taken);
        if (best.Cost < Topology.Unreachable || _firstCount < Ranked)
            return best;
        for (var place = 0; place < carriers.Count; place++)
        {
            if (into[place] < Topology.Unreachable)
                best = Better(best, into, place, taken);
        }

        return best;
    }

    private FoundWay Better(FoundWay best, ReadOnlySpan<int> into, int first, ReadOnlySpan<int> taken)
    {
        if (IsTaken(first, taken))
            return best;
        var count = SecondsBehind(first);
        for (var i = first * Ranked; i < (first * Ranked) + count; i++)
        {
            if (into[first] + _secondCosts[i] >= best.Cost)
                return best;
            if (!IsTaken(_secondPlaces[i], taken))
                return new(into[first] + _secondCosts[i], first, _secondPlaces[i]);
        }

        return best;
    }

    private int SecondsBehind(int first)
    {
        if (_secondCount[first] >= 0)
            return _secondCount[first];
        var seconds = new ShortList(_secondCosts.AsSpan(first * Ranked, Ranked), _secondPlaces.AsSpan(first * Ranked, Ranked));
        seconds.Fill(carriers.Between(first), carriers.Out(_destination));
        return _secondCount[first] = seconds.Count;
    }

    private bool IsTaken(int place, ReadOnlySpan<int> taken) =>
        taken.Contains(place) || carriers.Node(place) == _origin || carriers.Node(place) == _destination;
}
