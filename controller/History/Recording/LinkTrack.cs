using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.History.Points;

namespace WeCan.Controller.History.Recording;

/// <summary>What a node said last of one of its links, and the point that comes of it: a value counts for as long as it was the last word.</summary>
internal sealed class LinkTrack(LinkReport link, long since)
{
    private long _since = since;

    public LinkReport Link { get; private set; } = link;

    public HistoryPoint Point { get; private set; } = new(SeriesKind.Link);

    /// <summary>When the link went; null while there is one.</summary>
    public long? GoneAt { get; private set; }

    /// <summary>Adds so many milliseconds in which a link was as it is told.</summary>
    public static void Add(HistoryPoint point, LinkReport link, long milliseconds)
    {
        ArgumentNullException.ThrowIfNull(point);
        point[LinkTallies.Covered].Add(milliseconds);
        if (link.State != LinkState.Proven)
            return;
        point[LinkTallies.Rtt].Add(link.Rtt.Microseconds, milliseconds);
        point[LinkTallies.Jitter].Add(link.Jitter.Microseconds, milliseconds);
        point[LinkTallies.Loss].Add(link.LossTo, milliseconds);
        point[LinkTallies.Used].Add(link.Used.BitsPerSecond / 1_000, milliseconds);
        if (link.Bandwidth.BitsPerSecond > 0)
            point[LinkTallies.Bandwidth].Add(link.Bandwidth.BitsPerSecond / 1_000, milliseconds);
    }

    /// <summary>Until then, in milliseconds, the link was as it was told last.</summary>
    public void Lasts(long until)
    {
        if (until <= _since)
            return;
        Add(Point, Link, until - _since);
        _since = until;
    }

    /// <summary>Nothing was known until then.</summary>
    public void Resume(long at) => _since = Math.Max(_since, at);

    public void Say(LinkReport link, long at)
    {
        GoneAt = link.State == LinkState.Gone ? GoneAt ?? at : null;
        Link = link;
    }

    /// <summary>The point so far, if there is anything in it; the next begins.</summary>
    public HistoryPoint? Take()
    {
        if (Point[LinkTallies.Covered].Total == 0)
            return null;
        var point = Point;
        Point = new(SeriesKind.Link);
        return point;
    }
}
