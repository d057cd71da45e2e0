using WeCan.Contracts;
using WeCan.Contracts.Control;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Controller.Routing;

/// <summary>What one node reports of its links: as of its last word, which counts for a while and no longer than that.</summary>
internal sealed class Reporter
{
    private readonly Dictionary<NodeId, LinkReport> _links = [];
    private readonly Dictionary<NodeId, MonoTime> _lost = [];
    private readonly Dictionary<NodeId, MonoTime> _lostLast = [];
    private readonly Dictionary<NodeId, LoadTrack> _loads = [];

    /// <summary>The whole was said: a link that is not there is no link.</summary>
    public bool IsWhole { get; private set; }

    public MonoTime HeardAt { get; private set; }

    /// <summary>How long a word to the node and its answer are on their way: what comes from it is no older than that.</summary>
    public Duration RoundTrip { get; set; }

    public IReadOnlyDictionary<NodeId, LinkReport> Links => _links;

    public bool Counts(MonoTime now) => IsWhole && now < HeardAt + ControlLimits.ReportLife;

    /// <summary>What it sends over a link, smoothed and by its last report, what it measured that the link carries, and how wrong that may be; in kbit/s.</summary>
    public (int Smoothed, int Reported, int Capacity, int Error) LoadOf(MonoTime now, NodeId peer) =>
        _loads.TryGetValue(peer, out var load) ? (Fit(load.UsedAt(now)), Fit(load.Reported), Fit(load.Capacity), Fit(load.Error))
        : _links.TryGetValue(peer, out var link) ? Idle(link.Bandwidth.BitsPerSecond / 1e3) : default;

    /// <summary>When a link was lost last that could be relied on, whatever became of it since; null where that is not known.</summary>
    public MonoTime? LostAt(NodeId peer) => _lostLast.TryGetValue(peer, out var at) ? at : null;

    /// <summary>The peers to which there was a link that could be relied on, and is none, since then or later. What is older is forgotten.</summary>
    public IEnumerable<NodeId> LostSince(MonoTime time)
    {
        foreach (var (peer, at) in _lost)
        {
            if (at < time)
                _lost.Remove(peer);
            else
                yield return peer;
        }
    }

    /// <summary>
    /// Whether what a node says of a link can be true: it has none to itself, and none that it relies on takes no time.
    /// </summary>
    public static bool CanBe(NodeId self, LinkReport link) => link.Peer != self && (link.State != LinkState.Proven || link.Rtt > Duration.Zero);

    /// <summary>A link that was never measured says nothing that could be reckoned with.</summary>
    public static LinkState StateOf(LinkReport link) => link.State == LinkState.Proven && link.Rtt <= Duration.Zero ? LinkState.Up : link.State;

    /// <summary>Takes what the node says next. True where a link that could be relied on cannot be any more.</summary>
    public bool Take(MonoTime now, NodeId self, LinkReportsMessage message)
    {
        var hasLost = false;
        if (message.IsFull)
        {
            // A session that begins anew says all again; until it has, nothing is known from this node.
            var said = message.Links.Select(link => link.Peer).ToHashSet();
            hasLost = message.IsLast && _links.Values.Any(link => link.State == LinkState.Proven && !said.Contains(link.Peer));
            _links.Clear();
            _loads.Clear();
            IsWhole = false;
        }

        foreach (var link in message.Links)
        {
            var isLost = link.State != LinkState.Proven && _links.TryGetValue(link.Peer, out var before) && before.State == LinkState.Proven;
            hasLost |= isLost;
            if (isLost)
                _lost[link.Peer] = _lostLast[link.Peer] = now;
            else if (link.State == LinkState.Proven)
                _lost.Remove(link.Peer);
            if (link.State == LinkState.Gone || link.Peer == self)
                Forget(link.Peer);
            else if (_links.Count < ControlLimits.MaxLinks || _links.ContainsKey(link.Peer))
                Keep(now, link);
        }

        IsWhole |= message.IsLast;
        HeardAt = now;
        return hasLost;
    }

    /// <summary>Links that carry next to nothing, as most do in a large network, need no smoothing.</summary>
    private void Keep(MonoTime now, LinkReport link)
    {
        _links[link.Peer] = link;
        var isTracked = _loads.TryGetValue(link.Peer, out var load);
        if (link.Used.BitsPerSecond >= GraphLimits.LeastFlow * 1_000 || (isTracked && load.UsedAt(now) >= GraphLimits.LeastFlow))
            _loads[link.Peer] = load.Take(now, link);
        else
            _loads.Remove(link.Peer);
    }

    private static (int Smoothed, int Reported, int Capacity, int Error) Idle(double bandwidth) =>
        default(BandwidthTrack).Take(bandwidth) is var track ? (0, 0, Fit(track.Mean), Fit(track.Error)) : default;

    private void Forget(NodeId peer)
    {
        _links.Remove(peer);
        if (_lostLast.Count > ControlLimits.MaxLinks)
            _lostLast.Clear();
        _loads.Remove(peer);
    }

    private static int Fit(double kilobits) => (int)Math.Min(kilobits, GraphLimits.MostRate);
}
