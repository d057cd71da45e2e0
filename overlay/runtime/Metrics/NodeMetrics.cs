using System.Diagnostics.Metrics;
using WeCan.Contracts;
using WeCan.Protocol;
using WeCan.Protocol.Transport;

namespace WeCan.Runtime.Metrics;

/// <summary>What passes through a node, what it drops and what it holds, as metrics.</summary>
internal sealed class NodeMetrics
{
    private static readonly KeyValuePair<string, object?>[] Classes = MetricLabels.Of<ServiceClass>("class");
    private static readonly KeyValuePair<string, object?>[] DropReasons = MetricLabels.Of<DropReason>("reason");
    private static readonly KeyValuePair<string, object?>[] TransportDropReasons = MetricLabels.Of<TransportDrop>("reason");

    private readonly NodeView _view;
    private readonly Meter _meter;

    public NodeMetrics(Meter meter, NodeView view)
    {
        (_meter, _view) = (meter, view);
        Counter("wecan_packets", "Path packets, by class: that links brought, or that were given to links.", snapshot => ByClass(snapshot.Paths.PacketsIn, snapshot.Paths.PacketsOut));
        Counter("wecan_packets_size", "Their bytes.", snapshot => ByClass(snapshot.Paths.BytesIn, snapshot.Paths.BytesOut), "By");
        Counter("wecan_path_forwarded", "Packets of others that this node sent on.", snapshot => [new(snapshot.Paths.Forwarded)]);
        Counter("wecan_path_detours", "Packets that went around a link.", snapshot => [new(snapshot.Paths.Detours)]);
        Counter("wecan_path_salvaged", "Packets that a dead link held and that went another way.", snapshot => [new(snapshot.Paths.Salvaged)]);
        Counter("wecan_path_multicast_packets", "Multicast packets that were split here.", snapshot => [new(snapshot.Paths.MulticastPackets)]);
        Counter("wecan_path_multicast_copies", "The copies that they became.", snapshot => [new(snapshot.Paths.MulticastCopies)]);
        Counter("wecan_drops", "What links and paths let go, by reason.", snapshot => [.. Enum.GetValues<DropReason>().Select((reason, index) => new Measurement<long>(snapshot.Drops[reason], DropReasons[index]))]);
        Counter("wecan_transport_drops", "What the transport let go, by reason.", snapshot => [.. snapshot.TransportDrops.Select((count, index) => new Measurement<long>(count, TransportDropReasons[index]))]);
        for (var i = 0; i < TransportFigures.All.Count; i++)
        {
            var index = i;
            Counter(TransportFigures.All[i].Name, TransportFigures.All[i].Help, snapshot => [new(snapshot.Transport[index])]);
        }

        meter.CreateObservableGauge("wecan_memory", Memory, "By", "What the node holds: packets on links, messages sent and not confirmed, messages received and not taken.");
    }

    private static Measurement<long>[] ByClass(Func<ServiceClass, long> into, Func<ServiceClass, long> outOf) =>
    [
        .. Enum.GetValues<ServiceClass>().Select((serviceClass, index) => new Measurement<long>(into(serviceClass), Classes[index], new("direction", "in"))),
        .. Enum.GetValues<ServiceClass>().Select((serviceClass, index) => new Measurement<long>(outOf(serviceClass), Classes[index], new("direction", "out"))),
    ];

    private IEnumerable<Measurement<long>> Memory() => _view.Look() is { } snapshot
        ? [new(snapshot.PacketMemory, Of("packets")), new(snapshot.SendMemory, Of("sent")), new(snapshot.ReceiveMemory, Of("received"))]
        : [];

    private static KeyValuePair<string, object?> Of(string what) => new("of", what);

    private void Counter(string name, string help, Func<NodeSnapshot, Measurement<long>[]> read, string? unit = null) =>
        _meter.CreateObservableCounter(name, () => _view.Look() is { } snapshot ? read(snapshot) : [], unit, help);
}
