using WeCan.Contracts;

namespace WeCan.Controller.History.Recording;

/// <summary>The links of one node, and when it spoke last, in milliseconds.</summary>
internal sealed class NodeTrack(long heardAt)
{
    public Dictionary<NodeId, LinkTrack> Links { get; } = [];

    public long HeardAt { get; set; } = heardAt;

    /// <summary>All was as it was said last until now, or for as long as that word counts; from then on nothing is known.</summary>
    public void Lasts(long now, long life)
    {
        foreach (var link in Links.Values)
        {
            link.Lasts(Math.Min(now, HeardAt + life));
            link.Resume(now);
        }
    }
}
