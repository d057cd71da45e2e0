using WeCan.Bench.Shipped;

namespace WeCan.Bench.Forward;

/// <summary>What a relay has done since it started, by its own metrics.</summary>
/// <param name="AllocatedBytes">By its loop, but for commands of other threads: what a scrape costs is not the packets'.</param>
internal readonly record struct RelayReport(double AllocatedBytes, double Turns, double ReceiveCalls, double DatagramsReceived, double SendCalls, double DatagramsSent)
{
    public static RelayReport Of(MeteredDaemon relay)
    {
        var metrics = relay.Read();
        return new(
            metrics["wecan_driver_allocated_bytes_total{in=\"turns\"}"],
            metrics["wecan_driver_turns_total"],
            metrics["wecan_driver_calls_total{direction=\"in\"}"],
            metrics["wecan_driver_datagrams_total{direction=\"in\"}"],
            metrics["wecan_driver_calls_total{direction=\"out\"}"],
            metrics["wecan_driver_datagrams_total{direction=\"out\"}"]);
    }
}
