using WeCan.Contracts;
using WeCan.Lab.Messages;

namespace WeCan.Lab.Run;

/// <summary>What all three nodes reported at about one time.</summary>
internal sealed record LabSnapshot(double Seconds, IReadOnlyDictionary<string, NodeReport> Nodes)
{
    public PathReport Path(string from, string to) => Nodes[from].Paths.Single(path => path.To == to);

    /// <summary>Null while there is no link.</summary>
    public LinkReport? Link(string from, string to) => Nodes[from].Links.LastOrDefault(link => link.Peer == to);

    public SourceReport? Source(ServiceClass serviceClass, string from) => Nodes[from].Sources.SingleOrDefault(source => source.Class == serviceClass);

    public SinkReport Sink(ServiceClass serviceClass, string to) => Nodes[to].Sinks.Single(sink => sink.Class == serviceClass);

    public bool AllLinksStand => LabPlan.Paths.All(path => Link(path.From, path.To) is not null);

    /// <summary>Every Signal message is at its destination, and its origin knows.</summary>
    public bool IsSignalDone => LabPlan.Flows.Where(flow => flow.Class == ServiceClass.Signal).All(flow =>
        Source(flow.Class, flow.From) is { } source && source.Confirmed == source.Sent && Sink(flow.Class, flow.To).Received >= source.Sent);
}
