using WeCan.Contracts;

namespace WeCan.Protocol.Nodes;

/// <summary>
/// How long a member's next link must live before it counts as proven, from how its links died before. The first link
/// is proven at once. After a death the next one waits, twice as long for each death that follows on its heels, up to
/// <see cref="NodeLimits.LongestProbation"/>; a link that lived long enough after it was proven makes the next death
/// a first one again. A death is a silence or worn-out keys: a peer that says goodbye has not failed.
/// </summary>
internal struct Probation
{
    private int _deaths;

    /// <summary>When a link that begins now is proven.</summary>
    public readonly MonoTime ProvenAt(MonoTime now) => _deaths == 0 ? now : now + HoldDown;

    private readonly Duration HoldDown => Duration.Min(NodeLimits.FirstProbation * (1L << (_deaths - 1)), NodeLimits.LongestProbation);

    /// <summary>A link has died that was, or would have been, proven at <paramref name="provenAt"/>.</summary>
    public void OnDeath(MonoTime now, MonoTime provenAt) =>
        _deaths = now - provenAt >= NodeLimits.ForgivenAfter ? 1 : Math.Min(_deaths + 1, NodeLimits.MaxRememberedDeaths);
}
