using WeCan.Contracts;
using WeCan.Contracts.Control;

namespace WeCan.Controller.Routing.Health;

/// <summary>
/// Takes nodes that fail by the evidence of several peers out of others' ways, and lets them back after a probation. A peer speaks
/// against a node while their link, which it reported as good within the last minute, is gone or loses much; a node is out when at least three do, and more
/// than speak for it. The word of who is out counts for nobody. Asked once a second, and at once where a link has died or somebody drains.
/// <para>
/// Invariants: of each region at most a fifth is out at once, the worst first, so that a bad hour of the network, or a controller that is
/// half cut off, empties no region; nobody is out by the word of fewer than three; who is well comes back.
/// </para>
/// Not kept on a disk: nodes say all again to a controller that starts anew.
/// </summary>
internal sealed class Elimination
{
    private readonly Dictionary<NodeId, OutNode> _out = [];
    private readonly Dictionary<NodeId, MonoTime> _wellSince = [];
    private readonly Dictionary<NodeId, (MonoTime BackAt, Duration Probation)> _records = [];
    private readonly Queue<HealthNews> _news = new();
    private readonly Vote[] _votes = new Vote[ushort.MaxValue + 1];

    public IReadOnlyCollection<OutNode> Out => _out.Values;

    public bool IsOut(NodeId node) => _out.ContainsKey(node);

    public OutNode? Find(NodeId node) => _out.GetValueOrDefault(node);

    /// <summary>What has changed, each once, for whoever tells people.</summary>
    public bool TryTakeNews(out HealthNews news) => _news.TryDequeue(out news!);

    /// <summary>Looks at all evidence. True where somebody is out or back.</summary>
    public bool Judge(MonoTime now, IReadOnlyList<Member> members, LinkBook links)
    {
        Count(now, links);
        var changed = LetBack(now, members);
        return TakeOut(now, members) || changed;
    }

    private void Count(MonoTime now, LinkBook links)
    {
        Array.Clear(_votes);
        foreach (var (node, reporter) in links.Reporters)
        {
            if (!reporter.Counts(now) || IsOut(node))
                continue;
            foreach (var link in reporter.Links.Values)
            {
                if (Reporter.StateOf(link) != Contracts.Control.Routing.LinkState.Proven)
                    continue;
                ref var vote = ref _votes[link.Peer.Value];
                if (Math.Max(link.LossTo, link.LossFrom) > HealthLimits.BadLoss)
                    vote.Bad++;
                else
                    vote.Good++;
            }

            foreach (var peer in reporter.LostSince(now - HealthLimits.LossKept))
                _votes[peer.Value].Bad++;
        }
    }

    private bool LetBack(MonoTime now, IReadOnlyList<Member> members)
    {
        if (_out.Count == 0)
            return false;
        var numbers = members.Select(member => member.Number).ToHashSet();
        var back = new List<NodeId>();
        foreach (var node in _out.Keys)
        {
            if (!_votes[node.Value].IsWell)
                _wellSince.Remove(node);
            else if (!_wellSince.TryAdd(node, now) && now - _wellSince[node] >= _records[node].Probation)
                back.Add(node);
            if (!numbers.Contains(node))
                back.Add(node);
        }

        foreach (var node in back.Distinct())
        {
            _news.Enqueue(new(_out[node], IsBack: true, _records[node].Probation));
            _out.Remove(node);
            _wellSince.Remove(node);
            _records[node] = _records[node] with { BackAt = now };
        }

        return back.Count > 0;
    }

    private bool TakeOut(MonoTime now, IReadOnlyList<Member> members)
    {
        var failing = members.Where(member => member.State == MemberState.Active && !IsOut(member.Number) && _votes[member.Number.Value].IsFailing)
            .OrderByDescending(member => _votes[member.Number.Value].Bad - _votes[member.Number.Value].Good).ThenBy(member => member.Number.Value).ToList();
        var before = _out.Count;
        foreach (var member in failing)
        {
            if (!HasPlace(member.Region, members))
                continue;
            var vote = _votes[member.Number.Value];
            _out.Add(member.Number, new(member.Number, now, vote.Bad, vote.Bad + vote.Good));
            _records[member.Number] = (MonoTime.Never, NextProbation(now, member.Number));
            _news.Enqueue(new(_out[member.Number], IsBack: false, _records[member.Number].Probation));
        }

        return _out.Count != before;
    }

    private bool HasPlace(string region, IReadOnlyList<Member> members)
    {
        var (all, gone) = (0, 0);
        foreach (var member in members)
        {
            if (member.Region != region)
                continue;
            all++;
            gone += IsOut(member.Number) ? 1 : 0;
        }

        return (gone + 1) * HealthLimits.MostPart <= all;
    }

    private Duration NextProbation(MonoTime now, NodeId node)
    {
        if (!_records.TryGetValue(node, out var record) || now - record.BackAt >= HealthLimits.Forgiveness)
            return HealthLimits.Probation;
        return Duration.Min(record.Probation * 2, HealthLimits.LongestProbation);
    }
}
