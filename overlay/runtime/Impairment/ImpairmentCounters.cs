namespace WeCan.Runtime.Impairment;

/// <summary>What an impairment stage did on purpose. Written by the loop alone; others may read at any time.</summary>
public sealed class ImpairmentCounters
{
    public long Lost { get; internal set; }

    public long Duplicated { get; internal set; }

    public long Reordered { get; internal set; }

    /// <summary>Lost beyond what was asked for, as too many were held (<see cref="RuntimeLimits.ImpairedDatagrams"/>).</summary>
    public long Overflowed { get; internal set; }
}
