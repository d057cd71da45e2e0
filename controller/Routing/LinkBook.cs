using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Policy;

namespace WeCan.Controller.Routing;

/// <summary>
/// What all nodes report, and the topology that it makes. A link counts while an end of it has said so within
/// <see cref="ControlLimits.ReportLife"/> and the other does not deny it: a node that lost its session stays in by what its peers say.
/// </summary>
internal sealed class LinkBook
{
    private readonly Dictionary<NodeId, Reporter> _reporters = [];

    public IReadOnlyDictionary<NodeId, Reporter> Reporters => _reporters;

    /// <summary>How long a word to a node that reports and its answer take.</summary>
    public void TakeRoundTrip(NodeId node, Duration time)
    {
        if (_reporters.TryGetValue(node, out var reporter))
            reporter.RoundTrip = time;
    }

    /// <summary>True where a link that could be relied on cannot be any more.</summary>
    public bool Take(MonoTime now, NodeId node, LinkReportsMessage message)
    {
        if (!_reporters.TryGetValue(node, out var reporter))
            _reporters.Add(node, reporter = new());
        return reporter.Take(now, node, message);
    }

    /// <summary>Forgets who is no member, and who has not been heard for long. True where it forgot anybody.</summary>
    public bool Sweep(MonoTime now, IReadOnlySet<NodeId> members)
    {
        var before = _reporters.Count;
        foreach (var (node, reporter) in _reporters)
        {
            if (now >= reporter.HeardAt + ControlLimits.ReportLife || !members.Contains(node))
                _reporters.Remove(node);
        }

        return _reporters.Count != before;
    }

    public int CountReporting(MonoTime now)
    {
        var count = 0;
        foreach (var reporter in _reporters.Values)
            count += reporter.Counts(now) ? 1 : 0;
        return count;
    }

    /// <summary>How the link between two nodes stands by all that is known: as the end that thinks less of it says.</summary>
    public LinkState StateOf(MonoTime now, NodeId one, NodeId other)
    {
        var (own, others) = (WordOf(now, one, other), WordOf(now, other, one));
        return own is null || others is null ? own ?? others ?? LinkState.Gone : own < others ? own.Value : others.Value;
    }

    /// <summary>The look from which the topology of these members is made as it is now; who has no link is not in it.</summary>
    public LinkSurvey Survey(MonoTime now, IReadOnlyList<Member> members, PolicyTerms terms) =>
        new(members, terms, [.. _reporters.Where(pair => pair.Value.Counts(now))]);

    /// <summary>What a node says of its link to a peer; null where its word does not count.</summary>
    private LinkState? WordOf(MonoTime now, NodeId node, NodeId peer)
    {
        if (!_reporters.TryGetValue(node, out var reporter) || !reporter.Counts(now))
            return null;
        return reporter.Links.TryGetValue(peer, out var link) ? Reporter.StateOf(link) : LinkState.Gone;
    }
}
