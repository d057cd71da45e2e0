using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What ways cost one pair and its traffic, with all that this round has moved before it. Where its traffic is already, that counts as it is, without what has
/// left; where it would come to, with all that may be there, with itself, and with <see cref="GraphLimits.EntryMargin"/>.
/// </summary>
internal sealed class RoundLoads(Topology topology, LinkLoads loads, int relayTime)
{
    private readonly Dictionary<int, (long In, long Out)> _moved = [];

    /// <summary>What a way costs a pair that is on the places of <paramref name="own"/>, from node to node.</summary>
    public int CostOf(RouteClass service, ReadOnlySpan<int> way, List<int> own, int rate)
    {
        var sum = relayTime * (way.Length - 2);
        for (var i = 1; i < way.Length; i++)
        {
            var row = topology.Cost(service, way[i - 1], way[i]);
            if (row >= Topology.Unreachable)
                return Topology.Unreachable;
            sum += row - loads.CostOf(service, way[i - 1], way[i]) + CostOf(service, way[i - 1], way[i], own, rate);
        }

        return sum;
    }

    /// <summary>What it costs with no load at all.</summary>
    public int BaseOf(RouteClass service, ReadOnlySpan<int> way)
    {
        var sum = relayTime * (way.Length - 2);
        for (var i = 1; i < way.Length; i++)
            sum += topology.Cost(service, way[i - 1], way[i]) - loads.CostOf(service, way[i - 1], way[i]);
        return sum;
    }

    public bool HasLoadCost(RouteClass service, ReadOnlySpan<int> way, List<int> own)
    {
        for (var i = 1; i < way.Length; i++)
        {
            if (CostOf(service, way[i - 1], way[i], own, 0) > 0)
                return true;
        }

        return false;
    }

    /// <summary>So much leaves places; what is less than nothing is taken back.</summary>
    public void Leave(IEnumerable<int> places, long rate)
    {
        foreach (var place in places)
            _moved[place] = _moved.GetValueOrDefault(place) is var (into, away) ? (into, away + rate) : default;
    }

    /// <summary>So much comes to places, likewise.</summary>
    public void Enter(IEnumerable<int> places, long rate)
    {
        foreach (var place in places)
            _moved[place] = _moved.GetValueOrDefault(place) is var (into, away) ? (into + rate, away) : default;
    }

    private int CostOf(RouteClass service, int from, int to, List<int> own, int rate)
    {
        var load = Math.Max(LoadCost(loads.LinkAt(from, to), own, rate), Math.Max(LoadCost(loads.SentBy(from), own, rate), LoadCost(loads.SentTo(to), own, rate)));
        if (loads.PriceOf(from, to) is not { } price)
            return load;
        var place = loads.LinkAt(from, to);
        var isOwn = own.Contains(place);
        var beyond = (isOwn ? Staying(place) : Entering(place, rate) * (1 + GraphLimits.EntryMargin)) - price.Paid;

        // What is beyond what is paid for is paid for: of a pair's traffic perhaps only a part.
        var share = price.Paid == 0 ? 1 : beyond <= 0 ? 0 : Math.Min(beyond / Math.Max(rate, 1), 1);
        return load + (int)(price.Costs[(int)service] * share);
    }

    private int LoadCost(int place, List<int> own, int rate)
    {
        var capacity = loads.Capacity(place);
        return capacity == 0 ? 0
            : loads.Curve.CostOf(own.Contains(place) ? (double)Staying(place) / capacity : ((double)Entering(place, rate) / loads.Surely(place)) + GraphLimits.EntryMargin);
    }

    private long Staying(int place) => Math.Max(loads.Least(place) - _moved.GetValueOrDefault(place).Out, 0);

    private long Entering(int place, int rate) => loads.Most(place) + _moved.GetValueOrDefault(place).In + rate;
}
