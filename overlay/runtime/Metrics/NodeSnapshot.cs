using WeCan.Protocol;
using WeCan.Protocol.Links;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Paths;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Metrics;

/// <summary>
/// What one look at a node saw, taken on its loop. Its counters of drops and of paths may be read at any time and are handed
/// on as they are; everything else is copied.
/// </summary>
internal sealed class NodeSnapshot
{
    public NodeSnapshot(Node node)
    {
        Drops = node.Drops;
        Paths = node.PathCounters;
        Links = node.InspectLinks();
        LinkSum = node.SumLinks();
        Transport = [.. TransportFigures.All.Select(figure => figure.Read(node.TransportCounters))];
        TransportDrops = [.. Enum.GetValues<TransportDrop>().Select(node.TransportCounters.Drops)];
        PacketMemory = node.PacketMemoryInUse;
        SendMemory = node.SendMemoryInUse;
        ReceiveMemory = node.ReceiveMemoryInUse;
    }

    public DropCounters Drops { get; }

    public PathCounters Paths { get; }

    public IReadOnlyList<LinkStatus> Links { get; }

    /// <summary>Of all links since the node was made.</summary>
    public LinkCounters LinkSum { get; }

    /// <summary>In the order of <see cref="TransportFigures.All"/>.</summary>
    public long[] Transport { get; }

    /// <summary>In the order of the reasons.</summary>
    public long[] TransportDrops { get; }

    public long PacketMemory { get; }

    public long SendMemory { get; }

    public long ReceiveMemory { get; }
}
