using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;
using WeCan.Controller.Routing.Health;

namespace WeCan.Controller.Routing;

/// <summary>
/// One look at all reports, side by side in tables, as a large network has a million of them: for each pair of members what each end
/// says of the link, and from both what it costs.
/// </summary>
internal sealed class LinkSurvey
{
    private readonly IReadOnlyList<Member> _members;
    private readonly bool[] _speaks;
    private readonly LinkReport[] _reports;

    /// <param name="members">Ascending.</param>
    /// <param name="reporters">Those whose word counts.</param>
    public LinkSurvey(IReadOnlyList<Member> members, IReadOnlyList<KeyValuePair<NodeId, Reporter>> reporters)
    {
        _members = members;
        _speaks = new bool[members.Count];
        _reports = new LinkReport[members.Count * members.Count];
        var places = new int[ushort.MaxValue + 1];
        for (var i = 0; i < members.Count; i++)
            places[members[i].Number.Value] = i + 1;
        foreach (var (node, reporter) in reporters)
        {
            if (places[node.Value] is not (var own and > 0))
                continue;
            _speaks[own - 1] = true;
            foreach (var link in reporter.Links.Values)
            {
                if (places[link.Peer.Value] is not (var peer and > 0) || Reporter.StateOf(link) != LinkState.Proven)
                    continue;
                _reports[At(own - 1, peer - 1)] = link;
            }
        }
    }

    public Topology ToTopology(Elimination health)
    {
        var linked = Enumerable.Range(0, _members.Count).Where(HasLink).ToArray();
        var topology = new Topology([.. linked.Select(place => _members[place].Number)]);
        for (var i = 0; i < linked.Length; i++)
        {
            topology.Let(i, carry: _members[linked[i]].State == MemberState.Active && !health.IsOut(_members[linked[i]].Number));
            for (var j = 0; j < linked.Length; j++)
            {
                if (!TryMeasure(linked[i], linked[j], out var link, out var loss))
                    continue;
                for (var each = 0; each < Topology.Classes; each++)
                    topology.Set((RouteClass)each, i, j, LinkCost.Of((RouteClass)each, link.Rtt, link.Jitter, loss));
            }
        }

        return topology;
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
    /// Who measures one direction of a link, and its loss; false where there is none. A node's own word is taken for the direction away
    /// from it, its peer's where there is no own; a link that one of them denies is none.
    /// </summary>
    private bool TryMeasure(int from, int to, out LinkReport link, out uint loss)
    {
        link = _speaks[from] ? _reports[At(from, to)] : _speaks[to] ? _reports[At(to, from)] : default;
        loss = _speaks[from] ? link.LossTo : link.LossFrom;
        return !link.Peer.IsNone && !(_speaks[from] && _speaks[to] && _reports[At(to, from)].Peer.IsNone);
    }

    private int At(int from, int to) => (from * _members.Count) + to;
}
