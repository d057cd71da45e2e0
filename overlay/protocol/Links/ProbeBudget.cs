using WeCan.Contracts;

namespace WeCan.Protocol.Links;

/// <summary>
/// Which links of a node are fast, and which are candidates: the scheduler that keeps what a node spends on showing life
/// within bounds, whatever the number of its links. Each link asks when its reasons change; a better reason takes the
/// place of a lesser one, an equal one waits; of equal ones a link that the peer wants too is better, as only then both hear at once. Invariant: at most <see cref="LinkLimits.MaxFastLinks"/> are fast,
/// <see cref="LinkLimits.MaxCandidateLinks"/> candidates, and all fast ones together are quicker than the ordinary by
/// <see cref="LinkLimits.MaxQuickened"/>.
/// </summary>
internal sealed class ProbeBudget
{
    private readonly List<Liveness> _fast = new(LinkLimits.MaxFastLinks);
    private int _candidates;

    /// <summary>Moves a link from its pace to the one that it wants, or to the next lower one that has room; returns which.</summary>
    public LinkPace Move(MonoTime now, Liveness link, LinkPace wanted)
    {
        if (wanted == link.Pace)
            return wanted;
        if (wanted == LinkPace.Fast && !TryMakeRoom(now, link))
            wanted = LinkPace.Candidate;
        if (wanted == LinkPace.Candidate && link.Pace != LinkPace.Candidate && _candidates >= LinkLimits.MaxCandidateLinks)
            wanted = LinkPace.Idle;
        Leave(link);
        if (wanted == LinkPace.Fast)
            _fast.Add(link);
        _candidates += wanted == LinkPace.Candidate ? 1 : 0;
        return wanted;
    }

    /// <summary>The link gives up its place: it has ended, or moves.</summary>
    public void Leave(Liveness link)
    {
        if (link.Pace == LinkPace.Fast)
            _fast.Remove(link);
        _candidates -= link.Pace == LinkPace.Candidate ? 1 : 0;
    }

    /// <summary>The interval that a fast link may keep, which wants this one.</summary>
    public Duration Quicken(Liveness link, Duration wanted)
    {
        var spent = Extra(wanted);
        foreach (var other in _fast)
            spent += other == link ? 0 : Extra(other.Promise);
        return spent <= LinkLimits.MaxQuickened ? wanted : LinkLimits.FastInterval;
    }

    private static double Extra(Duration interval) =>
        Math.Max(0, (LinkLimits.FastInterval.Milliseconds / interval.Milliseconds) - 1);

    private bool TryMakeRoom(MonoTime now, Liveness link)
    {
        if (_fast.Count < LinkLimits.MaxFastLinks)
            return true;
        var least = _fast[0];
        foreach (var other in _fast)
        {
            if (other.WorthAt(now) < least.WorthAt(now))
                least = other;
        }

        if (least.WorthAt(now) >= link.WorthAt(now))
            return false;
        least.GiveWay(now);
        return true;
    }
}
