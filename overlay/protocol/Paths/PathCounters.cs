namespace WeCan.Protocol.Paths;

/// <summary>What the path layer of one node has done since it was made. Written by the loop that drives the node; others may read at any time.</summary>
public sealed class PathCounters
{
    /// <summary>Packets that left over another link than their route, or the best way to their destination, names.</summary>
    public long Detours { get; internal set; }

    /// <summary>Packets that a dead link held and that were sent over another, or were dropped for want of one.</summary>
    public long Salvaged { get; internal set; }

    /// <summary>Multicast packets that were split: those that started here, one for each set, and those that came.</summary>
    public long MulticastPackets { get; internal set; }

    /// <summary>The copies that they became.</summary>
    public long MulticastCopies { get; internal set; }
}
