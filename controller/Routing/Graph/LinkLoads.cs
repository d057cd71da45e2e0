using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What the links and the nodes of a topology carry and could carry, in kbit/s: from this, what load and price add to the cost of a
/// direction of a link. A place is a direction of a link, all that a node sends, or all that comes to it. Traffic that was moved lately may be
/// among what is measured or not: a place carries at least <see cref="Least"/> and at most <see cref="Most"/>. Filled once and not changed from then on.
/// </summary>
internal sealed class LinkLoads(int count, LoadCurve curve)
{
    private const int PlacesOfHop = 3;

    private readonly int[] _used = new int[(count * count) + (2 * count)];
    private readonly int[] _peak = new int[(count * count) + (2 * count)];
    private readonly int[] _capacity = new int[(count * count) + (2 * count)];
    private readonly int[] _surely = new int[(count * count) + (2 * count)];
    private readonly Dictionary<int, LinkPrice> _prices = [];
    private readonly Dictionary<int, (long In, long Out)> _moved = [];
    private readonly bool[] _isEnd = new bool[count];
    private readonly Dictionary<(int Origin, int Destination), bool> _resting = [];

    public int LinkAt(int from, int to) => (from * count) + to;

    public int SentBy(int node) => (count * count) + node;

    public int SentTo(int node) => (count * count) + count + node;

    /// <summary>
    /// What a direction of a link carries, smoothed and at the most lately; and can carry, 0 where that is not known, with how much less
    /// that may be.
    /// </summary>
    public void Set(int from, int to, int used, int peak, int capacity, int error)
    {
        var link = LinkAt(from, to);
        (_capacity[link], _surely[link]) = (capacity, capacity - error);
        (_used[link], _peak[link]) = (Demand(used, link), Demand(peak, link));
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
        {
            _capacity[place] = _surely[place] = capacity;
            (_used[place], _peak[place]) = (Demand(_used[place], place), Demand(_peak[place], place));
        }
    }

    public void SetPrice(int from, int to, LinkPrice price) => _prices[LinkAt(from, to)] = price;

    /// <summary>
    /// A pair was moved lately from its old way to its new one, both by their nodes. By the node that measures a place, which part of the move its
    /// last word does not show yet.
    /// </summary>
    public void NoteMoved(int[] before, int[] after, int rate, Func<int, double> unshown)
    {
        var (left, entered) = (PlacesOf(before), PlacesOf(after));
        for (var i = 0; i < left.Count; i++)
        {
            if (!entered.Contains(left[i]) && PartOf(left[i], unshown(before[i / PlacesOfHop])) is var part and > 0)
                _moved[left[i]] = _moved.GetValueOrDefault(left[i]) is var (into, away) ? (into, away + (int)(rate * part)) : default;
        }

        for (var i = 0; i < entered.Count; i++)
        {
            if (!left.Contains(entered[i]) && PartOf(entered[i], unshown(after[i / PlacesOfHop])) is var part and > 0)
                _moved[entered[i]] = _moved.GetValueOrDefault(entered[i]) is var (into, away) ? (into + (int)(rate * part), away) : default;
        }
    }

    /// <summary>What is full shows nothing of a move before it has ceased to be.</summary>
    private double PartOf(int place, double unshown) => unshown > 0 && IsFull(place) ? 1 : unshown;

    /// <summary>A pair that was moved rests until it shows what came of it; even where its way is full if <paramref name="isFirm"/>.</summary>
    public void LetRest(int origin, int destination, bool isFirm) => _resting[(origin, destination)] = isFirm;

    public bool IsResting(int origin, int destination, bool isFull) => _resting.TryGetValue((origin, destination), out var isFirm) && (isFirm || !isFull);

    /// <summary>What is known to go over a direction of a link, of what was there before anything was moved lately.</summary>
    public int Measured(int link) => IsFull(link) ? Expected(link) / 2 : Expected(link);

    /// <summary>As it will be when reports show all that was moved.</summary>
    private int Expected(int place) => _moved.Count > 0 && _moved.TryGetValue(place, out var moved) ? (int)Math.Clamp(_used[place] - moved.Out + moved.In, 0, GraphLimits.MostLoad) : _used[place];

    /// <summary>Traffic begins and ends at edges; relays have little of their own.</summary>
    public void LetEnd(int node) => _isEnd[node] = true;

    public bool IsEnd(int node) => _isEnd[node];

    public int Least(int place) => _moved.Count == 0 ? _used[place] : (int)Math.Max(_used[place] - _moved.GetValueOrDefault(place).Out, 0);

    public int Most(int place) => _moved.Count == 0 ? _peak[place] : (int)Math.Min(_peak[place] + _moved.GetValueOrDefault(place).In, GraphLimits.MostLoad);

    public int Capacity(int place) => _capacity[place];

    /// <summary>What it can carry at least, as measurements go.</summary>
    public int Surely(int place) => _surely[place];

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
    private int Demand(int used, int place) => _capacity[place] > 0 && used >= _surely[place] * GraphLimits.FullShare ? (int)Math.Min(Math.Max(used, _capacity[place]) * 2L, GraphLimits.MostLoad) : used;
}
