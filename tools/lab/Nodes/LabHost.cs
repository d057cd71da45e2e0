using WeCan.Contracts;
using WeCan.Lab.Flows;
using WeCan.Lab.Messages;
using WeCan.Protocol;
using WeCan.Protocol.Nodes;
using WeCan.Protocol.Transport;
using WeCan.Runtime;

namespace WeCan.Lab.Nodes;

/// <summary>What lives on a node of the lab: on an edge, flows to the other edge and from it; on a relay, nothing. Everything here happens on the loop.</summary>
internal sealed class LabHost : IOverlayHost
{
    private readonly string _self;
    private readonly List<FlowSource> _sources = [];
    private readonly Dictionary<ServiceClass, FlowSink> _sinks = [];
    private readonly HashSet<FlowId> _known = [];
    private readonly HashSet<FlowId> _forgotten = [];
    private readonly List<string> _notices = [];
    private long _linksLost;

    public LabHost(string self)
    {
        _self = self;
        MakeSinks();
    }

    public MonoTime NextTimeout { get; private set; } = MonoTime.Never;

    /// <summary>What the runtime said before its loop began.</summary>
    public IReadOnlyList<string> Notices => _notices;

    public void OnNotice(string notice) => _notices.Add(notice);

    public void Start(Node node, MonoTime now, Duration toLocal)
    {
        foreach (var (serviceClass, from, to) in LabPlan.Flows)
        {
            if (from == _self)
                _sources.Add(FlowSource.Open(node, now, serviceClass, to, toLocal));
        }

        OnTimeout(node, now);
    }

    public void Halt()
    {
        foreach (var source in _sources)
            source.Halt();
    }

    public void Forget(Node node, MonoTime now)
    {
        foreach (var source in _sources)
            node.CloseFlow(now, source.Flow);
        _sources.Clear();
        _forgotten.UnionWith(_known);
        MakeSinks();
        SetTimeout();
    }

    public void OnTimeout(Node node, MonoTime now)
    {
        foreach (var source in _sources)
            source.Advance(node, now);
        SetTimeout();
    }

    public void OnMessage(Node node, MonoTime now, in ReceivedMessage message)
    {
        _known.Add(message.Flow);
        if (!_forgotten.Contains(message.Flow) && _sinks.TryGetValue(message.Class, out var sink))
            sink.Take(message.Payload);
    }

    public void OnTransportEvent(Node node, MonoTime now, in TransportEvent happened)
    {
        foreach (var source in _sources)
        {
            if (source.Flow == happened.Flow)
                source.Handle(happened, now);
        }

        SetTimeout();
    }

    public void OnNodeEvent(Node node, MonoTime now, in NodeEvent happened)
    {
        if (happened.Kind == NodeEventKind.LinkDown)
            _linksLost++;
    }

    public NodeReport Report(Node node, ScenarioEgress egress, DriverStatistics statistics, Duration lateBefore) => new(
        [.. node.InspectLinks().Select(Describe)],
        [.. LabPlan.Paths.Where(path => path.From == _self).Select(path => Describe(path.To, egress))],
        [.. _sources.Select(source => source.Report())],
        [.. _sinks.Values.Select(sink => sink.Report())],
        Drops(node, statistics),
        _linksLost,
        statistics.MaxLoopLag.Milliseconds,
        (statistics.LateTime - lateBefore).Milliseconds);

    private void MakeSinks()
    {
        foreach (var (serviceClass, from, to) in LabPlan.Flows)
        {
            if (to == _self)
                _sinks[serviceClass] = new FlowSink(serviceClass, from);
        }
    }

    private static LinkReport Describe(LinkStatus link) => new(
        LabPlan.NameOf(link.Peer), link.Rtt.Milliseconds, link.Jitter.Milliseconds, link.Bandwidth.MegabitsPerSecond, link.Counters.DatagramsSent,
        link.Counters.PacketsTracked, link.Counters.PacketsLost, link.Counters.SymbolsResent);

    private static PathReport Describe(string to, ScenarioEgress egress)
    {
        var counters = egress.CountersTo(to);
        return new(to, counters.Sent, counters.Lost, counters.Overflowed, counters.TooBig);
    }

    private static Dictionary<string, long> Drops(Node node, DriverStatistics statistics)
    {
        var drops = new Dictionary<string, long>(StringComparer.Ordinal);
        Add(Enum.GetValues<DropReason>(), reason => node.Drops[reason], "");
        Add(Enum.GetValues<TransportDrop>(), node.TransportCounters.Drops, "transport ");
        Add(Enum.GetValues<SendFailure>(), statistics.SendFailures, "socket ");
        return drops;

        void Add<T>(T[] reasons, Func<T, long> countOf, string prefix)
            where T : struct, Enum
        {
            foreach (var reason in reasons)
            {
                if (countOf(reason) is > 0 and var count)
                    drops.Add(prefix + reason, count);
            }
        }
    }

    private void SetTimeout()
    {
        NextTimeout = MonoTime.Never;
        foreach (var source in _sources)
            NextTimeout = MonoTime.Min(NextTimeout, source.NextDue);
    }
}
