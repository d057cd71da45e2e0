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
    private readonly long[] _seconds = new long[carriers.Count * Ranked];
    private readonly int[] _secondCount = new int[carriers.Count];
    private readonly long[] _firsts = new long[Ranked];
    private readonly long[] _only = new long[Ranked];
    private readonly int[] _takenAt = new int[carriers.Count];
    private int _firstCount;
    private int _onlyCount;
    private int _start;
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

    /// <summary>Turns to an origin of ways to the present destination, of which none is found yet.</summary>
    public void StartAt(int origin)
    {
        (_origin, _onlyCount) = (origin, -1);
        _start++;
        Take(carriers.PlaceOf(origin));
        Take(carriers.PlaceOf(_destination));
        var firsts = new ShortList(_firsts);
        firsts.Fill(carriers.Into(origin), _onward);
        _firstCount = firsts.Count;
    }

    /// <summary>Leaves a relay out of what is found from here on; nothing is done where there is none.</summary>
    public void Take(int place)
    {
        if (place >= 0)
            _takenAt[place] = _start;
    }

    /// <summary>
    /// The cheapest way that leaves out the relays that are taken, and the direct link too if it may not be used. With
    /// nothing taken there is no cheaper one of at most two relays. Else there is no cheaper one of at most one relay, and one is
    /// found wherever there is one of two.
    /// </summary>
    public FoundWay Find(bool mayBeDirect)
    {
        var best = new FoundWay(mayBeDirect ? topology.Cost(_origin, _destination) : Topology.Unreachable, -1, -1);
        var into = carriers.Into(_origin);
        var last = carriers.Out(_destination);
        for (var i = 0; i < _firstCount; i++)
        {
            // What a first relay promises is the least that it can give: nothing later is better.
            if (ShortList.CostOf(_firsts[i]) >= best.Cost)
                return best;
            best = Better(best, into, last, ShortList.PlaceOf(_firsts[i]));
        }

        if (_firstCount < Ranked)
            return best;
        best = BetterOverOne(best, into, last);
        if (best.Cost < Topology.Unreachable)
            return best;
        for (var place = 0; place < carriers.Count; place++)
        {
            if (into[place] < Topology.Unreachable)
                best = Better(best, into, last, place);
        }

        return best;
    }

    private FoundWay Better(FoundWay best, ReadOnlySpan<int> into, ReadOnlySpan<int> last, int first)
    {
        if (IsTaken(first))
            return best;
        var toFirst = into[first];
        if (toFirst + last[first] < best.Cost)
            best = new(toFirst + last[first], first, -1);
        var count = SecondsBehind(first);
        foreach (var second in _seconds.AsSpan(first * Ranked, count))
        {
            if (toFirst + ShortList.CostOf(second) >= best.Cost)
                return best;
            if (!IsTaken(ShortList.PlaceOf(second)))
                return new(toFirst + ShortList.CostOf(second), first, ShortList.PlaceOf(second));
        }

        return best;
    }

    /// <summary>The ranked first relays are used up: those that are good as the only one are ranked by themselves.</summary>
    private FoundWay BetterOverOne(FoundWay best, ReadOnlySpan<int> into, ReadOnlySpan<int> last)
    {
        if (_onlyCount < 0)
        {
            var only = new ShortList(_only);
            only.Fill(into, last);
            _onlyCount = only.Count;
        }

        for (var i = 0; i < _onlyCount && ShortList.CostOf(_only[i]) < best.Cost; i++)
        {
            if (!IsTaken(ShortList.PlaceOf(_only[i])))
                return new(ShortList.CostOf(_only[i]), ShortList.PlaceOf(_only[i]), -1);
        }

        return best;
    }

    private int SecondsBehind(int first)
    {
        if (_secondCount[first] >= 0)
            return _secondCount[first];
        var seconds = new ShortList(_seconds.AsSpan(first * Ranked, Ranked));
        seconds.Fill(carriers.Between(first), carriers.Out(_destination));
        return _secondCount[first] = seconds.Count;
    }

    private bool IsTaken(int place) => _takenAt[place] == _start;
}
