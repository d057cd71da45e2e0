using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.History.Points;
using WeCan.Controller.Membership;
using WeCan.Controller.Routing;

namespace WeCan.Controller.History.Recording;

/// <summary>
/// Makes points of what nodes report of their links. Reports tell what has changed, so a value is weighed by the time for which it was the
/// last word; the word of a node that falls silent counts for as long as routes count it. Links to strangers are none. Everything is kept of so many directions of
/// links: where there are more, of those that carry something. On the loop's thread alone.
/// </summary>
internal sealed class LinkRecorder(int room)
{
    private readonly Dictionary<NodeId, NodeTrack> _nodes = [];
    private MonoTime _nextChoice;
    private int _count;
    private bool _lacksRoom;

    private static long Life => ControlLimits.ReportLife.Nanoseconds / 1_000_000;

    public void Take(MonoTime now, NodeId node, LinkReportsMessage message, MembershipHistory members)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(members);
        var at = Milliseconds(now);
        if (!_nodes.TryGetValue(node, out var track))
            _nodes.Add(node, track = new(at));
        if (message.IsFull || at > track.HeardAt + Life)
            track.Lasts(at, Life);
        if (message.IsFull)
        {
            foreach (var (peer, link) in track.Links)
                link.Say(new(peer, LinkState.Gone), at);
        }

        foreach (var link in message.Links.Where(link => Reporter.CanBe(node, link)))
        {
            if (track.Links.TryGetValue(link.Peer, out var known))
            {
                known.Lasts(at);
                known.Say(link, at);
            }
            else if (link.State != LinkState.Gone && members.Holds(link.Peer))
            {
                Add(track, link, at);
            }
        }

        track.HeardAt = at;
    }

    /// <summary>The points up to now; the next ones begin.</summary>
    public void Close(MonoTime now, LinkBook book, MembershipHistory members, Dictionary<SeriesKey, HistoryPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var at = Milliseconds(now);
        foreach (var (node, track) in _nodes)
        {
            track.Lasts(at, Life);
            foreach (var (peer, link) in track.Links)
            {
                if (link.Take() is { } point)
                    points[SeriesKey.Link(node, peer)] = point;
                if (at - link.GoneAt >= HistoryLimits.GoneKept.Nanoseconds / 1_000_000)
                    Remove(track, peer);
            }

            if (at - track.HeardAt < HistoryLimits.SilentKept.Nanoseconds / 1_000_000)
                continue;
            _count -= track.Links.Count;
            _nodes.Remove(node);
        }

        if (_lacksRoom && now >= _nextChoice)
            Choose(now, book, members);
    }

    /// <summary>Links of which no more is kept, a part of them in each hour where there are too many.</summary>
    public List<(SeriesKey Key, LinkReport Link)> Look(MonoTime now, LinkBook book, MembershipHistory members, long hour)
    {
        ArgumentNullException.ThrowIfNull(book);
        List<(SeriesKey Key, LinkReport Link)> looks = [];
        if (!_lacksRoom)
            return looks;
        var others = Others(now, book, members).ToList();
        var parts = ((others.Count - 1) / HistoryLimits.LinksLookedAt) + 1;
        for (var i = (int)(hour % parts); i < others.Count; i += parts)
            looks.Add((SeriesKey.Link(others[i].Node, others[i].Link.Peer), others[i].Link));
        return looks;
    }

    private static long Milliseconds(MonoTime time) => time.Nanoseconds / 1_000_000;

    private void Add(NodeTrack track, LinkReport link, long at)
    {
        _lacksRoom |= _count >= room;
        if (_count >= room)
            return;
        track.Links.Add(link.Peer, new(link, at));
        _count++;
    }

    private void Remove(NodeTrack track, NodeId peer)
    {
        track.Links.Remove(peer);
        _count--;
    }

    private IEnumerable<(NodeId Node, LinkReport Link)> Others(MonoTime now, LinkBook book, MembershipHistory members) =>
        from pair in book.Reporters
        where pair.Value.Counts(now)
        from link in pair.Value.Links.Values
        where Reporter.CanBe(pair.Key, link) && members.Holds(link.Peer) && !(_nodes.TryGetValue(pair.Key, out var track) && track.Links.ContainsKey(link.Peer))
        select (pair.Key, link);

    /// <summary>Links that carry something take the places of links that do not.</summary>
    private void Choose(MonoTime now, LinkBook book, MembershipHistory members)
    {
        _nextChoice = now + HistoryLimits.ChooseEvery;
        var idle = new Stack<(NodeTrack Track, NodeId Peer)>(
            from track in _nodes.Values
            from link in track.Links
            where link.Value.GoneAt is not null || link.Value.Link.Used.BitsPerSecond == 0
            orderby link.Value.GoneAt is not null
            select (track, link.Key));
        var others = Others(now, book, members).ToList();
        foreach (var (node, link) in others.Where(other => other.Link.Used.BitsPerSecond > 0).OrderByDescending(other => other.Link.Used.BitsPerSecond))
        {
            if (_count >= room && !idle.TryPeek(out _))
                break;
            if (_count >= room)
            {
                var (track, peer) = idle.Pop();
                Remove(track, peer);
            }

            if (_nodes.TryGetValue(node, out var own))
                Add(own, link, Milliseconds(now));
        }

        _lacksRoom = others.Count > 0;
    }
}
