using System.Diagnostics.Metrics;

namespace WeCan.Runtime.Metrics;

/// <summary>What a driver's loop does with its socket, as metrics.</summary>
internal sealed class DriverMetrics
{
    private static readonly KeyValuePair<string, object?>[] Failures = MetricLabels.Of<SendFailure>("reason");
    private static readonly KeyValuePair<string, object?> In = new("direction", "in");
    private static readonly KeyValuePair<string, object?> Out = new("direction", "out");

    private static readonly KeyValuePair<string, object?> InCommands = new("in", "commands");
    private static readonly KeyValuePair<string, object?> InTurns = new("in", "turns");

    public DriverMetrics(Meter meter, DriverStatistics statistics)
    {
        meter.CreateObservableCounter("wecan_driver_turns", () => statistics.Turns, null, "Turns of the loop.");
        meter.CreateObservableCounter("wecan_driver_commands", () => statistics.CommandsRun, null, "Commands of other threads that were run.");
        meter.CreateObservableCounter("wecan_driver_commands_refused", () => statistics.CommandsRefused, null, "Commands that found the queue full.");
        meter.CreateObservableCounter("wecan_driver_datagrams", () => Both(statistics.DatagramsReceived, statistics.DatagramsSent), null, "Datagrams of the socket.");
        meter.CreateObservableCounter("wecan_driver_transferred", () => Both(statistics.BytesReceived, statistics.BytesSent), "By", "Bytes of the socket, without the headers of UDP and IP.");
        meter.CreateObservableCounter("wecan_driver_calls", () => Both(statistics.ReceiveCalls, statistics.SendCalls), null, "Calls of the system that moved datagrams.");
        meter.CreateObservableCounter("wecan_driver_allocated", () => (Measurement<long>[])[new(statistics.AllocatedByCommands, InCommands), new(statistics.AllocatedInTurns, InTurns)], "By", "Managed memory that the loop's thread allocated: in commands of other threads, and in all else, packets among it.");
        meter.CreateObservableCounter("wecan_driver_receive_errors", () => statistics.ReceiveErrors, null, "Errors that the system reported while receiving.");
        meter.CreateObservableCounter("wecan_driver_sends_deferred", () => statistics.SendsDeferred, null, "Times that the socket was full.");
        meter.CreateObservableCounter("wecan_driver_send_failures", () => Enum.GetValues<SendFailure>().Select((reason, index) => new Measurement<long>(statistics.SendFailures(reason), Failures[index])), null, "Datagrams that the system refused, by reason.");
        meter.CreateObservableCounter("wecan_driver_late", () => statistics.LateTime.Seconds, "s", "Time that the loop was kept waiting, beyond what any busy machine may do.");
        meter.CreateObservableGauge("wecan_driver_joins", () => (Measurement<int>[])[new(statistics.JoinsReceives ? 1 : 0, In), new(statistics.JoinsSends ? 1 : 0, Out)], null, "1 where the system joins datagrams of one peer.");
        meter.CreateObservableGauge("wecan_driver_impaired", () => statistics.IsImpaired ? 1 : 0, null, "1 where datagrams are made worse on purpose: a lab's node, never one that serves.");
    }

    private static Measurement<long>[] Both(long received, long sent) => [new(received, In), new(sent, Out)];
}
