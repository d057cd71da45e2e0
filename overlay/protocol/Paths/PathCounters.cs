using WeCan.Contracts;

namespace WeCan.Protocol.Paths;

/// <summary>What the path layer of one node has done since it was made. Written by the loop that drives the node; others may read at any time.</summary>
public sealed class PathCounters
{
    private readonly long[] _packetsIn = new long[(int)ServiceClass.Bulk + 1];
    private readonly long[] _bytesIn = new long[(int)ServiceClass.Bulk + 1];
    private readonly long[] _packetsOut = new long[(int)ServiceClass.Bulk + 1];
    private readonly long[] _bytesOut = new long[(int)ServiceClass.Bulk + 1];
    private readonly long[] _forwarded = new long[(int)ServiceClass.Bulk + 1];
    private readonly long[] _bytesForwarded = new long[(int)ServiceClass.Bulk + 1];

    /// <summary>Packets of others that this node sent on.</summary>
    public long Forwarded => _forwarded.Sum();

    /// <summary>Packets that left over another link than their route, or the best way to their destination, names.</summary>
    public long Detours { get; internal set; }

    /// <summary>Packets that a dead link held and that were sent over another, or were dropped for want of one.</summary>
    public long Salvaged { get; internal set; }

    /// <summary>Multicast packets that were split: those that started here, one for each set, and those that came.</summary>
    public long MulticastPackets { get; internal set; }

    /// <summary>The copies that they became.</summary>
    public long MulticastCopies { get; internal set; }

    /// <summary>Path packets of a class that links brought.</summary>
    public long PacketsIn(ServiceClass serviceClass) => _packetsIn[(int)serviceClass];

    public long BytesIn(ServiceClass serviceClass) => _bytesIn[(int)serviceClass];

    /// <summary>Path packets of a class that were given to links, those that a queue let go of later included.</summary>
    public long PacketsOut(ServiceClass serviceClass) => _packetsOut[(int)serviceClass];

    public long BytesOut(ServiceClass serviceClass) => _bytesOut[(int)serviceClass];

    /// <summary>Packets of a class of others that this node sent on; each copy of a multicast is one.</summary>
    public long PacketsForwarded(ServiceClass serviceClass) => _forwarded[(int)serviceClass];

    public long BytesForwarded(ServiceClass serviceClass) => _bytesForwarded[(int)serviceClass];

    internal void AddForwarded(ServiceClass serviceClass, int bytes)
    {
        _forwarded[(int)serviceClass]++;
        _bytesForwarded[(int)serviceClass] += bytes;
    }

    internal void AddIn(ServiceClass serviceClass, int bytes)
    {
        _packetsIn[(int)serviceClass]++;
        _bytesIn[(int)serviceClass] += bytes;
    }

    internal void AddOut(ServiceClass serviceClass, int bytes)
    {
        _packetsOut[(int)serviceClass]++;
        _bytesOut[(int)serviceClass] += bytes;
    }
}
