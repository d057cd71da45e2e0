using System.Diagnostics.Metrics;
using WeCan.Edge.Bus.Gateway;
using WeCan.MessageBus.Protocol.Frames;
using WeCan.MessageBus.Protocol.Tokens;

namespace WeCan.Edge.Bus;

/// <summary>What the bus counts, as metrics: docs/metrics.md has their names. Read on the scraper's thread from counters that the loop writes.</summary>
internal sealed class BusMetrics : IDisposable
{
    private readonly Meter _meter = new("WeCan.Edge.Bus");

    public BusMetrics(BusCore core, NativeGateway gateway)
    {
        _meter.CreateObservableGauge("wecan_bus_clients", () => gateway.Count, null, "Clients whose links stand.");
        _meter.CreateObservableGauge("wecan_bus_sessions", () => core.SessionCount, null, "Sessions of clients, those among them that wait for their client to come back.");
        _meter.CreateObservableGauge("wecan_bus_subscriptions", () => core.Dispatcher.Count, null, "Subscriptions of this edge's clients.");
        _meter.CreateObservableCounter("wecan_bus_messages_in", () => core.Counters.MessagesIn, null, "Messages that this edge's clients published.");
        _meter.CreateObservableCounter("wecan_bus_messages_out", () => core.Counters.MessagesOut, null, "Messages handed to subscriptions, each counted for each.");
        _meter.CreateObservableCounter("wecan_bus_messages_repeated", () => core.Counters.Repeated, null, "Messages with an id that their client had used before: confirmed, and handed to nobody.");
        _meter.CreateObservableCounter("wecan_bus_messages_orphaned", () => core.Counters.Orphaned, null, "Messages that the last member of a queue group had not got when it went.");
        _meter.CreateObservableCounter("wecan_bus_messages_missed", () => Missed(core.Counters), null, "Messages that subscriptions did not get and were told of.");
        _meter.CreateObservableCounter("wecan_bus_edge_messages_out", () => core.Counters.MessagesToEdges, null, "Messages sent to other edges, each once for however many.");
        _meter.CreateObservableCounter("wecan_bus_edges_addressed", () => core.Counters.EdgesAddressed, null, "The edges that they went to, each counted for each.");
        _meter.CreateObservableCounter("wecan_bus_edge_messages_in", () => core.Counters.MessagesFromEdges, null, "Messages that came from other edges.");
        _meter.CreateObservableCounter("wecan_bus_edges_cut_off", () => core.Counters.EdgesCutOff, null, "Times that another edge was silent or behind for too long and was cut off.");
        _meter.CreateObservableCounter("wecan_bus_bad_edge_frames", () => core.Counters.BadEdgeFrames, null, "What came from other edges' buses and was nothing that they say.");
        _meter.CreateObservableGauge("wecan_bus_held", () => core.Counters.Held, null, "Reliable messages that wait here until they can go to other edges.");
        _meter.CreateObservableCounter("wecan_bus_realtime_drops", () => Drops(core.Counters), null, "Realtime messages that were let go of.");
        _meter.CreateObservableCounter("wecan_bus_refusals", () => Refusals(core.Counters), null, "What clients asked for and was refused.");
        _meter.CreateObservableCounter("wecan_bus_clients_revoked", () => core.Counters.RevokedClients, null, "Clients that were let go of as their token, or the key that signed it, was taken back, or their space pinned to other regions.");
        _meter.CreateObservableCounter("wecan_bus_goodbyes", () => Goodbyes(core.Counters), null, "Clients' connections that this edge has ended.");
        _meter.CreateObservableCounter("wecan_bus_token_refusals", () => TokenRefusals(core.Counters), null, "Handshakes of clients whose token was not good.");
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Missed(BusCounters counters) =>
        Enum.GetValues<GapReason>().Select(reason => new Measurement<long>(counters.Missed(reason), new KeyValuePair<string, object?>("reason", Snake(reason.ToString()))));

    private static IEnumerable<Measurement<long>> Drops(BusCounters counters) =>
        Enum.GetValues<RealtimeDrop>().Select(reason => new Measurement<long>(counters.Dropped(reason), new KeyValuePair<string, object?>("reason", Snake(reason.ToString()))));

    private static IEnumerable<Measurement<long>> Refusals(BusCounters counters) =>
        Enum.GetValues<RefusalReason>().Select(reason => new Measurement<long>(counters.Refused(reason), new KeyValuePair<string, object?>("reason", Snake(reason.ToString()))));

    private static IEnumerable<Measurement<long>> Goodbyes(BusCounters counters) =>
        Enum.GetValues<GoodbyeReason>().Where(reason => reason != GoodbyeReason.Done).Select(reason => new Measurement<long>(counters.Ended(reason), new KeyValuePair<string, object?>("reason", Snake(reason.ToString()))));

    private static IEnumerable<Measurement<long>> TokenRefusals(BusCounters counters) =>
        Enum.GetValues<TokenFault>().Where(fault => fault != TokenFault.None).Select(fault => new Measurement<long>(counters.RefusedTokens(fault), new KeyValuePair<string, object?>("reason", Snake(fault.ToString()))));

    private static string Snake(string name) => string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
