using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Health;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Routing;

/// <summary>
/// One look at all reports, side by side in tables, as a large network has a million of them: for each pair of members what each end
/// says of the link, and from both and the policy what it costs.
/// </summary>
internal sealed class LinkSurvey
{
    private readonly IReadOnlyList<Member> _members;
    private readonly PolicyTerms _terms;
    private readonly Reporter?[] _reporters;
    private readonly LinkReport[] _reports;

    /// <param name="members">Ascending.</param>
    /// <param name="terms">The policy, for these members.</param>
    /// <param name="reporters">Those whose word counts.</param>
    public LinkSurvey(IReadOnlyList<Member> members, PolicyTerms terms, IReadOnlyList<KeyValuePair<NodeId, Reporter>> reporters)
    {
        (_members, _terms) = (members, terms);
        _reporters = new Reporter?[members.Count];
        _reports = new LinkReport[members.Count * members.Count];
        var places = new int[ushort.MaxValue + 1];
        for (var i = 0; i < members.Count; i++)
            places[members[i].Number.Value] = i + 1;
        foreach (var (node, reporter) in reporters)
        {
            if (places[node.Value] is not (var own and > 0))
                continue;
            _reporters[own - 1] = reporter;
            foreach (var link in reporter.Links.Values)
            {
                if (places[link.Peer.Value] is not (var peer and > 0) || Reporter.StateOf(link) != LinkState.Proven)
                    continue;
                _reports[At(own - 1, peer - 1)] = link;
            }
        }
    }

    /// <summary>What counts of loads will be another in a moment, with no report more: smoothed values are on their way.</summary>
    public bool IsUnsettled { get; private set; }

    public Topology ToTopology(MonoTime now, Elimination health, MovedBook moved)
    {
        var linked = Enumerable.Range(0, _members.Count).Where(HasLink).ToArray();
        var topology = new Topology([.. linked.Select(place => _members[place].Number)]);
        topology.Restrict(_terms.RestrictionsOf(linked));
        for (var i = 0; i < linked.Length; i++)
        {
            topology.Let(i, carry: _members[linked[i]].State == MemberState.Active && !health.IsOut(_members[linked[i]].Number) && !_terms.IsUnderMaintenance(linked[i]));
            for (var j = 0; j < linked.Length; j++)
            {
                if (!TryMeasure(linked[i], linked[j], out var link, out var loss))
                    continue;
                var terms = _terms.OfLink(linked[i], linked[j]);
                for (var each = 0; each < Topology.Classes; each++)
                    topology.Set((RouteClass)each, i, j, CostOf(terms, (RouteClass)each, link, loss));
            }
        }

        if (_terms.CountsLoad)
            AddLoads(now, topology, linked, moved);
        return topology;
    }

    /// <summary>What depends on nothing that a link carries.</summary>
    private int CostOf(LinkTerms terms, RouteClass service, in LinkReport link, uint loss)
    {
        var cost = LinkCost.Of(service, link.Rtt, link.Jitter, loss);
        if (terms == LinkTerms.None)
            return cost;
        if (!terms.Allows(service))
            return Topology.Unreachable;
        cost = Math.Min(cost, GraphLimits.MostBaseCost) + (terms.IsUnderMaintenance ? GraphLimits.MaintenanceCost : 0);
        return terms.Paid == 0 && terms.Price > 0 ? cost + _terms.CostsOf(terms.Price)[(int)service] : cost;
    }

    private void AddLoads(MonoTime now, Topology topology, int[] linked, MovedBook moved)
    {
        var loads = new LinkLoads(linked.Length, _terms.Curve);
        var stepped = moved.Stepped();
        for (var i = 0; i < linked.Length; i++)
        {
            if (_members[linked[i]].Role == NodeRole.Edge)
                loads.LetEnd(i);
            for (var j = 0; j < linked.Length; j++)
            {
                if (topology.Cost(RouteClass.Signal, i, j) < Topology.Unreachable || topology.Cost(RouteClass.Realtime, i, j) < Topology.Unreachable || topology.Cost(RouteClass.Bulk, i, j) < Topology.Unreachable)
                    SetLoad(now, loads, (i, j), (linked[i], linked[j]), stepped.Contains((_members[linked[i]].Number, _members[linked[j]].Number)));
            }
        }

        for (var i = 0; i < linked.Length; i++)
        {
            if (_terms.CapacityOf(linked[i]) is var capacity and > 0)
                loads.SetNode(i, capacity);
        }

        moved.Tell(topology, loads);
        topology.Load(loads);
        for (var i = 0; i < linked.Length; i++)
        {
            for (var j = 0; j < linked.Length; j++)
            {
                for (var each = 0; each < Topology.Classes; each++)
                {
                    var cost = topology.Cost((RouteClass)each, i, j);
                    if (cost < Topology.Unreachable && loads.CostOf((RouteClass)each, i, j) is var more and > 0)
                        topology.Set((RouteClass)each, i, j, cost + more);
                }
            }
        }
    }

    private void SetLoad(MonoTime now, LinkLoads loads, (int From, int To) at, (int From, int To) places, bool isStepped)
    {
        var terms = _terms.OfLink(places.From, places.To);
        var (smoothed, reported, measured, error) = _reporters[places.From]?.LoadOf(now, _members[places.To].Number) ?? default;
        var capacity = terms.Capacity > 0 ? terms.Capacity : _terms.IsLoadMeasured ? measured : 0;

        // What is smoothed lags behind a step that is known of.
        if (isStepped)
            smoothed = reported;

        // What has become full is full now; what shakes below that counts as it is on average.
        var used = capacity > 0 && reported >= capacity * _terms.Curve.Full ? Math.Max(smoothed, reported) : smoothed;
        loads.Set(at.From, at.To, used, Math.Max(smoothed, reported), capacity, terms.Capacity > 0 ? 0 : error);
        if (terms.Paid > 0 && terms.Price > 0)
            loads.SetPrice(at.From, at.To, new(terms.Paid, _terms.CostsOf(terms.Price)));
        IsUnsettled |= Math.Abs(smoothed - reported) > Math.Max(capacity, reported) * ControllerLimits.LoadIsSettled;
    }

    private bool HasLink(int place)
    {
        for (var other = 0; other < _members.Count; other++)
        {
            if (TryMeasure(place, other, out _, out _))
                return true;
        }

        return false;
    }

    /// <summary>
    /// What is measured of one direction of a link, and its loss; false where there is none. Both ends measure the same round trip: where they
    /// disagree the longer one counts, and the larger jitter, so that no end alone makes a link better than it is. Loss is of a direction: a
    /// node's own word is taken for the one away from it, its peer's where there is no own. A link that one of them denies is none.
    /// </summary>
    private bool TryMeasure(int from, int to, out LinkReport link, out uint loss)
    {
        var (own, others) = (_reporters[from] is null ? default : _reports[At(from, to)], _reporters[to] is null ? default : _reports[At(to, from)]);
        link = _reporters[from] is not null ? own : others;
        loss = _reporters[from] is not null ? own.LossTo : others.LossFrom;
        if (link.Peer.IsNone || (_reporters[from] is not null && _reporters[to] is not null && others.Peer.IsNone))
            return false;
        link = link with { Rtt = Duration.Max(link.Rtt, others.Rtt), Jitter = Duration.Max(link.Jitter, others.Jitter) };
        return true;
    }

    private int At(int from, int to) => (from * _members.Count) + to;
}
