namespace WeCan.Contracts.Control.Routing;

/// <summary>
/// What a node has said of its links in one session, and what there is to say. It holds the newest measurements only, and
/// makes each frame from them when it is asked for: what was superseded meanwhile is never sent.
/// </summary>
internal sealed class ReportOutbox
{
    private readonly SortedDictionary<NodeId, LinkReport> _said = [];
    private IReadOnlyList<LinkReport> _links = [];
    private bool _isFull = true;
    private bool _isDue;
    private bool _hasMore;
    private MonoTime _saidAt;

    /// <summary>Takes all links as they are now. Not more often than <see cref="ControlLimits.ReportInterval"/>: what comes sooner waits for the next.</summary>
    public void Set(MonoTime now, IReadOnlyList<LinkReport> links)
    {
        _links = links;
        if (!_isFull && now < _saidAt + ControlLimits.ReportInterval)
            return;
        var isSilent = _isFull || now >= _saidAt + ControlLimits.ReportAtLeast;
        if (!isSilent && News().Count == 0)
            return;
        (_isDue, _saidAt) = (true, now);
    }

    public LinkReportsMessage? Take()
    {
        if (!_isDue && !_hasMore)
            return null;
        var news = News();
        var isLast = news.Count <= ControlLimits.MaxLinksInReport;
        var said = isLast ? news : news.GetRange(0, ControlLimits.MaxLinksInReport);
        foreach (var link in said)
        {
            if (link.State == LinkState.Gone)
                _said.Remove(link.Peer);
            else
                _said[link.Peer] = link;
        }

        var message = new LinkReportsMessage(_isFull, isLast, said);
        (_isFull, _isDue, _hasMore) = (false, false, !isLast);
        return message;
    }

    private List<LinkReport> News()
    {
        var news = new List<LinkReport>();
        var there = new HashSet<NodeId>();
        foreach (var link in _links.Take(ControlLimits.MaxLinks))
        {
            there.Add(link.Peer);
            if (!_said.TryGetValue(link.Peer, out var said) ? link.State != LinkState.Gone : link.IsNewsAfter(said))
                news.Add(link);
        }

        foreach (var peer in _said.Keys)
        {
            if (!there.Contains(peer))
                news.Add(new(peer, LinkState.Gone));
        }

        return news;
    }
}
