using WeCan.Contracts.Control.Routing;

namespace WeCan.Controller.Routing.Graph;

/// <summary>
/// What pairs send, by estimate: nobody reports it. What a link carries is the sum of those whose first way leads over it; from what all links of
/// these pairs carry, rates are found that fit (iterative proportional fitting), beginning with the most that each can be. What a node
/// of no edge has is taken for little.
/// </summary>
internal sealed class FlowEstimate
{
    private readonly RouteJob _job;
    private readonly LinkLoads _loads;
    private readonly Dictionary<(RouteClass Service, int Origin, int Destination), int> _at = [];
    private readonly List<double> _rates = [];
    private readonly List<double> _weights = [];
    private readonly Dictionary<int, List<int>> _pairs = [];

    /// <param name="job">Whose held ways count.</param>
    /// <param name="loads">What is measured.</param>
    /// <param name="asked">The links whose pairs are asked for.</param>
    public FlowEstimate(RouteJob job, LinkLoads loads, bool[] asked)
    {
        (_job, _loads) = (job, loads);
        for (var each = 0; each < Topology.Classes; each++)
        {
            for (var origin = 0; origin < job.Nodes.Length; origin++)
                Collect((RouteClass)each, origin, asked);
        }

        for (var pass = 0; pass < GraphLimits.EstimatePasses; pass++)
        {
            foreach (var (link, pairs) in _pairs)
                Fit(link, pairs, isAll: asked[link]);
        }

        foreach (var (link, pairs) in _pairs)
        {
            if (asked[link])
                Share(link, pairs);
        }
    }

    /// <summary>What most of is not explained by what the other links carry, as these may be measured at another time, is of all pairs.</summary>
    private void Share(int link, List<int> pairs)
    {
        var (sum, all) = (0.0, 0.0);
        foreach (var pair in pairs)
            (sum, all) = (sum + (_weights[pair] < 1 ? 0 : _rates[pair]), all + _weights[pair]);
        var missing = _loads.Measured(link) - sum;
        if (missing <= sum)
            return;
        foreach (var pair in pairs)
            _rates[pair] += missing * _weights[pair] / all;
    }

    /// <summary>In kbit/s; 0 for a pair that goes over none of the links that were asked for.</summary>
    public int RateOf(RouteClass service, int origin, int destination)
    {
        if (!_at.TryGetValue((service, origin, destination), out var at))
            return 0;
        var way = _job.PlacesOf(origin, _job.Held(service, origin, destination)[0], destination);
        var isHeldUp = _loads.PlacesOf(way).Exists(_loads.IsFull);
        return (int)Math.Min(_rates[at] * (isHeldUp ? 2 : 1), int.MaxValue / 4);
    }

    private void Collect(RouteClass service, int origin, bool[] asked)
    {
        for (var destination = 0; destination < _job.Nodes.Length; destination++)
        {
            var way = _job.Held(service, origin, destination)[0];
            if (origin == destination || way.IsNone)
                continue;
            var (first, second) = (way.Relays > 0 ? _job.PlaceOf(way.First) : destination, way.Relays > 1 ? _job.PlaceOf(way.Second) : destination);
            if (first < 0 || second < 0)
                continue;
            var links = (_loads.LinkAt(origin, first), way.Relays > 0 ? _loads.LinkAt(first, second) : -1, way.Relays > 1 ? _loads.LinkAt(second, destination) : -1);
            if (asked[links.Item1] || (links.Item2 >= 0 && asked[links.Item2]) || (links.Item3 >= 0 && asked[links.Item3]))
                Add(service, origin, destination, links);
        }
    }

    private void Add(RouteClass service, int origin, int destination, (int First, int Second, int Third) links)
    {
        var most = double.MaxValue;
        foreach (var link in (ReadOnlySpan<int>)[links.First, links.Second, links.Third])
        {
            if (link < 0)
                continue;
            most = Math.Min(most, _loads.Measured(link));
            if (!_pairs.TryGetValue(link, out var pairs))
                _pairs.Add(link, pairs = []);
            pairs.Add(_rates.Count);
        }

        _at.Add((service, origin, destination), _rates.Count);
        _weights.Add(_loads.IsEnd(origin) && _loads.IsEnd(destination) ? 1 : GraphLimits.RelayFlow);
        _rates.Add(most * _weights[^1]);
    }

    /// <summary>Where all pairs of a link are known they make up what it carries; where only some are, they are no more than that.</summary>
    private void Fit(int link, List<int> pairs, bool isAll)
    {
        var sum = 0.0;
        foreach (var pair in pairs)
            sum += _rates[pair];
        var measured = _loads.Measured(link);
        if (sum <= 0 || (!isAll && sum <= measured))
            return;
        foreach (var pair in pairs)
            _rates[pair] *= measured / sum;
    }
}
