using System.Diagnostics.Metrics;
using WeCan.Contracts.Inspection;
using WeCan.Controller.History;
using WeCan.Hosting.Metrics;

namespace WeCan.Controller.Service;

/// <summary>What a controller shows at /metrics: docs/metrics.md says what each is. Read at a scrape only.</summary>
internal sealed class ControllerMetrics : IDisposable
{
    public const string MeterName = "WeCan.Controller";

    private readonly Meter _meter = new(MeterName);
    private readonly IDisposable[] _histograms;

    public ControllerMetrics(MetricRegistry registry, LoopStatistics statistics, Func<LoopStatus> status, HistoryCounters history)
    {
        _meter.CreateObservableGauge("wecan_controller_members", () => status().Members, null, "Members of the network.");
        _meter.CreateObservableGauge("wecan_controller_leads", () => status().Leads ? 1 : 0, null, "1 while changes can be made here: 0 where another controller leads, or the store takes nothing.");
        _meter.CreateObservableGauge("wecan_controller_sessions", () => status().Sessions, null, "Connections of nodes.");
        _meter.CreateObservableGauge("wecan_controller_tokens", () => status().Tokens, null, "Tokens that still let somebody in.");
        _meter.CreateObservableGauge("wecan_controller_membership_version", () => (long)status().Version.Number, null, "Changes of the membership since the network was made.");
        _meter.CreateObservableGauge("wecan_controller_nodes_reporting", () => status().Reporting, null, "Nodes that reported their links within the last ten seconds.");
        _meter.CreateObservableGauge("wecan_controller_nodes_out", () => status().Out, null, "Nodes that carry nothing for others, as their peers say that they fail.");
        _meter.CreateObservableGauge("wecan_controller_nodes_maintained", () => status().Maintained, null, "Nodes that carry nothing for others, as the policy has them in maintenance.");
        _meter.CreateObservableGauge("wecan_controller_pairs_without_way", () => WithoutWay(status().WithoutWay), null, "Pairs of nodes, each direction counted, to which no way leads, by class of traffic.");
        _meter.CreateObservableCounter("wecan_controller_commits", () => statistics.Commits, null, "Transactions that the store has taken.");
        _meter.CreateObservableCounter("wecan_controller_reports", () => statistics.Routes.Reports, null, "Reports of links that came.");
        _meter.CreateObservableCounter("wecan_controller_links_reported", () => statistics.Routes.LinksReported, null, "Links in them.");
        _meter.CreateObservableCounter("wecan_controller_links_refused", () => statistics.Routes.LinksRefused, null, "Links in them that cannot be true: to the node itself, to no member, or that take no time.");
        _meter.CreateObservableCounter("wecan_controller_route_computations", () => statistics.Routes.Computations, null, "Times that all routes were computed.");
        _meter.CreateObservableCounter("wecan_controller_routes_changed", () => statistics.Routes.Changed, null, "Pairs of nodes that got other ways by that.");
        _meter.CreateObservableCounter("wecan_controller_refused", () => LoopStatistics.Reasons.Select(reason => new Measurement<long>(statistics.Refused(reason), new KeyValuePair<string, object?>("reason", Word(reason)))), null, "Enrolments, connections and sessions that were turned away, by reason.");
        _meter.CreateObservableGauge("wecan_controller_history", () => history.Bytes, "By", "What the files of the history take.");
        _meter.CreateObservableCounter("wecan_controller_history_points", () => history.Points, null, "Points that the history has written, of all resolutions.");
        _meter.CreateObservableCounter("wecan_controller_history_dropped", () => history.Drops, null, "Points that found no room, or that the disk did not take.");
        _meter.CreateObservableCounter("wecan_controller_history_damaged", () => history.Damages, null, "Blocks and points that were left out, as they are damaged.");
        _histograms =
        [
            registry.Add(statistics.CommitTime, "wecan_controller_commit", "s", "How long the store took for a transaction."),
            registry.Add(statistics.RouteTime, "wecan_controller_route_computation", "s", "How long a computation of all routes took."),
        ];
    }

    public void Dispose()
    {
        foreach (var histogram in _histograms)
            histogram.Dispose();
        _meter.Dispose();
    }

    private static IEnumerable<Measurement<int>> WithoutWay(PairsWithoutWay pairs)
    {
        foreach (var (name, count) in ((string, int)[])[("realtime", pairs.Realtime), ("signal", pairs.Signal), ("bulk", pairs.Bulk)])
            yield return new(count, new KeyValuePair<string, object?>("class", name));
    }

    private static string Word(RefusalReason reason) => reason switch
    {
        RefusalReason.Malformed => "malformed",
        RefusalReason.NotAllowed => "not_allowed",
        RefusalReason.Store => "store",
        RefusalReason.Certificate => "certificate",
        RefusalReason.NotAMember => "not_a_member",
        RefusalReason.OtherNetwork => "other_network",
        RefusalReason.Superseded => "superseded",
        _ => "too_much",
    };
}
