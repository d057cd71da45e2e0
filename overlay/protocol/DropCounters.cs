namespace WeCan.Protocol;

/// <summary>One node's drops, counted by reason. Written by the loop that drives the node; others may read at any time.</summary>
public sealed class DropCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => _counts[(int)reason];

    public long Total
    {
        get
        {
            long total = 0;
            foreach (var count in _counts)
                total += count;
            return total;
        }
    }

    internal void Add(DropReason reason, long count = 1) => _counts[(int)reason] += count;
}
