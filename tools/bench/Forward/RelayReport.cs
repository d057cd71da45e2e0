using WeCan.Bench.Shipped;

namespace WeCan.Bench.Forward;

/// <summary>What a relay has done since it started, by its own metrics.</summary>
/// <param name="AllocatedBytes">By its loop, but for commands of other threads: what a scrape costs is not the packets'.</param>
internal readonly record struct RelayReport(double AllocatedBytes, double Turns, double ReceiveCalls, double DatagramsReceived, double SendCalls, double DatagramsSent, double CompilingSeconds)
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
            metrics["wecan_driver_datagrams_total{direction=\"out\"}"],
            metrics["dotnet_jit_seconds_total"]);
    }

    /// <summary>The runtime compiles in steps what turns out to be busy, and takes its time where others have the processors: that is a start's, and no packet's.</summary>
    public static void AwaitWarm(MeteredDaemon relay)
    {
        // What a scrape runs is compiled once it has run so often, all of it at once.
        for (var i = 0; i < ForwardLimits.WarmScrapes; i++)
            relay.Read();
        var (start, compiled) = (Environment.TickCount64, double.NegativeInfinity);
        for (var isWarm = false; !isWarm && Environment.TickCount64 - start < ForwardLimits.LongestWarmUp.TotalMilliseconds;)
        {
            Thread.Sleep(ForwardLimits.WarmUp);
            var now = Of(relay).CompilingSeconds;
            isWarm = now - compiled < ForwardLimits.WarmShare * ForwardLimits.WarmUp.TotalSeconds;
            compiled = now;
        }
    }
}
