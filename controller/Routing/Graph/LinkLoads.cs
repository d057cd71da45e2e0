using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What the links and the nodes of a topology carry and could carry, in kbit/s: from this, what load and price add to the cost of a
/// direction of a link. A place is a direction of a link, all that a node sends, or all that comes to it. Traffic that was moved lately may be
/// among what is measured or not: a place carries at least <see cref="Least"/> and at most <see cref="Most"/>. Filled once and not changed from then on.
/// </summary>
internal sealed class LinkLoads(int count, LoadCurve curve)
{
    private readonly int[] _used = new int[(count * count) + (2 * count)];
    private readonly int[] _peak = new int[(count * count) + (2 * count)];
    private readonly int[] _capacity = new int[(count * count) + (2 * count)];
    private readonly Dictionary<int, LinkPrice> _prices = [];
    private readonly Dictionary<int, (int In, int Out)> _moved = [];
    private readonly bool[] _isEnd = new bool[count];
    private readonly Dictionary<(int Origin, int Destination), bool> _resting = [];

    public int LinkAt(int from, int to) => (from * count) + to;

    public int SentBy(int node) => (count * count) + node;

    public int SentTo(int node) => (count * count) + count + node;

    /// <summary>What a direction of a link carries, smoothed and at the most lately; and can carry, 0 where that is not known.</summary>
    public void Set(int from, int to, int used, int peak, int capacity)
    {
        var link = LinkAt(from, to);
        (_used[link], _peak[link], _capacity[link]) = (Demand(used, capacity), Demand(peak, capacity), capacity);
        foreach (var place in (ReadOnlySpan<int>)[SentBy(from), SentTo(to)])
        {
            _used[place] = Math.Min(_used[place] + used, GraphLimits.MostRate);
            _peak[place] = Math.Min(_peak[place] + peak, GraphLimits.MostRate);
        }
    }

    /// <summary>What all links of a node carry in each direction. After all links were set.</summary>
    public void SetNode(int node, int capacity)
    {
        foreach (var place in (ReadOnlySpan<int>)[SentBy(node), SentTo(node)])
            (_used[place], _peak[place], _capacity[place]) = (Demand(_used[place], capacity), Demand(_peak[place], capacity), capacity);
    }

    public void SetPrice(int from, int to, LinkPrice price) => _prices[LinkAt(from, to)] = price;

    /// <summary>A pair was moved lately, and what is measured may not show it yet. Its nodes by its old way and its new one.</summary>
    public void NoteMoved(ReadOnlySpan<int> before, ReadOnlySpan<int> after, int rate)
    {
        foreach (var place in PlacesOf(before))
            _moved[place] = _moved.GetValueOrDefault(place) is var (into, away) ? (into, away + rate) : default;
        foreach (var place in PlacesOf(after))
            _moved[place] = _moved.GetValueOrDefault(place) is var (into, away) ? (into + rate, away) : default;
    }

    /// <summary>A pair that was moved rests until it shows what came of it; even where its way is full if <paramref name="isFirm"/>.</summary>
    public void LetRest(int origin, int destination, bool isFirm) => _resting[(origin, destination)] = isFirm;

    public bool IsResting(int origin, int destination, bool isFull) => _resting.TryGetValue((origin, destination), out var isFirm) && (isFirm || !isFull);

    /// <summary>What is known to go over a direction of a link, of what was there before anything was moved lately.</summary>
    public int Measured(int link) => IsFull(link) ? Least(link) / 2 : Least(link);

    /// <summary>Traffic begins and ends at edges; relays have little of their own.</summary>
    public void LetEnd(int node) => _isEnd[node] = true;

    public bool IsEnd(int node) => _isEnd[node];

    public int Least(int place) => _moved.Count == 0 ? _used[place] : Math.Max(_used[place] - _moved.GetValueOrDefault(place).Out, 0);

    public int Most(int place) => _moved.Count == 0 ? _peak[place] : _peak[place] + _moved.GetValueOrDefault(place).In;

    public int Capacity(int place) => _capacity[place];

    public bool IsFull(int place) => _capacity[place] > 0 && _used[place] > _capacity[place];

    /// <summary>Whether a link of a way costs what a full one costs.</summary>
    public bool IsFull(RouteClass service, ReadOnlySpan<int> way)
    {
        for (var i = 1; i < way.Length; i++)
        {
            if (CostOf(service, way[i - 1], way[i]) >= curve.Time.Microseconds)
                return true;
        }

        return false;
    }

    public LoadCurve Curve => curve;

    public LinkPrice? PriceOf(int from, int to) => _prices.GetValueOrDefault(LinkAt(from, to));

    /// <summary>The places that traffic loads which goes this way, from node to node.</summary>
    public List<int> PlacesOf(ReadOnlySpan<int> way)
    {
        var places = new List<int>(9);
        for (var i = 1; i < way.Length; i++)
            places.AddRange([LinkAt(way[i - 1], way[i]), SentBy(way[i - 1]), SentTo(way[i])]);
        return places;
    }

    /// <summary>What load and price add to the cost of a direction of a link, for whom goes over it already.</summary>
    public int CostOf(RouteClass service, int from, int to)
    {
        var load = Math.Max(LoadCostOf(LinkAt(from, to)), Math.Max(LoadCostOf(SentBy(from)), LoadCostOf(SentTo(to))));
        return load + (_prices.Count > 0 && PriceOf(from, to) is { } price && (price.Paid == 0 || Least(LinkAt(from, to)) > price.Paid) ? price.Costs[(int)service] : 0);
    }

    private int LoadCostOf(int place) => _capacity[place] == 0 ? 0 : curve.CostOf((double)Least(place) / _capacity[place]);

    /// <summary>A place that is full shows what it carries, and not what wants to go over it: that is taken for twice as much.</summary>
    private static int Demand(int used, int capacity) => capacity > 0 && used >= capacity * GraphLimits.FullShare ? Math.Max(used, capacity) * 2 : used;
}
