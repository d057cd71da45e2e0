using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WeCan.Bench.Tunnel;
using WeCan.Simulation.World;

namespace WeCan.Bench.Failover;

/// <summary>
/// failover.wan once with the daemons that ship, on the lab's emulator, under programs that know nothing of the network: their
/// flows go through tunnels, Realtime over one way and over two at once.
/// </summary>
internal static class DaemonRun
{
    private static readonly NodeSpec EdgeA = new("a", "10.77.0.1");
    private static readonly NodeSpec EdgeB = new("b", "10.77.0.2");
    private static readonly NodeSpec BetterRelay = new("r1", "10.77.0.3");

    /// <summary>What happened to the flow over one way and to Signal, and what to the flow over two.</summary>
    public static (FailoverResult One, FailoverResult Two) Execute(string folder, bool hasController)
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "scenarios", "failover.wan"));
        var later = lines.Where(line => line.StartsWith("at ", StringComparison.Ordinal)).Select(line => line.Split(' ', 3)).ToList();
        using var hosts = Namespaces.Emulated(folder, lines.Where(line => !line.StartsWith("at ", StringComparison.Ordinal)));
        using var overlay = new TunnelOverlay(
            hosts,
            folder,
            "c",
            "10.77.0.9",
            [EdgeA, EdgeB, BetterRelay, new("r2", "10.77.0.4")],
            [new("udp", FlowLimits.OneWayPort), new("udp", FlowLimits.TwoWaysPort) { Paths = 2 }, new("tcp", FlowLimits.SignalPort) { Class = "signal" }]);
        var file = Path.Combine(folder, "flows.json");
        var seconds = FlowLimits.Seconds.ToString(CultureInfo.InvariantCulture);
        AwaitWays(overlay);
        if (!hasController)
            overlay.StopController();
        using var sink = Command.Start(hosts.On("b", [.. ThisProgram.Words, FlowSink.Argument, seconds, file]));
        sink.Await("hears");
        using var source = Command.Start(hosts.On("a", [.. ThisProgram.Words, FlowSource.Argument, seconds]));
        var began = long.Parse(source.Await("began").Split(' ')[1], CultureInfo.InvariantCulture);
        foreach (var words in later)
        {
            Sleep(TimeSpan.FromSeconds(int.Parse(words[1], CultureInfo.InvariantCulture)) - Stopwatch.GetElapsedTime(began));
            hosts.Change(words[2]);
        }

        source.Finish(TimeSpan.Zero);
        sink.Finish(FlowLimits.Tail);
        var report = JsonSerializer.Deserialize<FlowReport>(File.ReadAllText(file))!;
        var wrong = (FlowLimits.Seconds * FlowLimits.RealtimePerSecond / FlowLimits.RealtimePerSignal) - report.Signal + report.Wrong;
        return (Judge(report.One, wrong), Judge(report.Two, 0));
    }

    /// <summary>Edge a knows three ways to edge b in every class, the better relay's first, and has had time to hear how they do.</summary>
    private static void AwaitWays(TunnelOverlay overlay)
    {
        var start = Stopwatch.GetTimestamp();
        using var better = JsonDocument.Parse(overlay.Ask(BetterRelay, "status", "--json"));
        var relay = better.RootElement.GetProperty("node").GetInt32();
        while (!Takes(relay, overlay.Ask(EdgeA, "routes", "edge-b", "--json")))
        {
            if (Stopwatch.GetElapsedTime(start) > FlowLimits.SettleBound)
                throw new TunnelException($"Edge a did not take its way by the better relay within {FlowLimits.SettleBound.TotalSeconds:0} s: this machine may be overloaded.");
            Sleep(FlowLimits.AskEvery);
        }

        Sleep(FlowLimits.Settle);
    }

    private static bool Takes(int relay, string report)
    {
        using var read = JsonDocument.Parse(report);
        var routes = read.RootElement.GetProperty("routes").EnumerateArray().Select(route => route.GetProperty("ways")).ToList();
        return routes.Count > 0 && routes.TrueForAll(ways => ways.GetArrayLength() == 3 && IsBy(relay, ways[0]));
    }

    private static bool IsBy(int relay, JsonElement way) =>
        way.GetProperty("is_in_use").GetBoolean() && way.GetProperty("relays") is var relays && relays.GetArrayLength() == 1 && relays[0].GetInt32() == relay;

    private static void Sleep(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
            Thread.Sleep(time);
    }

    private static FailoverResult Judge(int[] missed, int wrong)
    {
        var times = missed.Select(number => (double)number / FlowLimits.RealtimePerSecond).ToList();
        return new(
            wrong,
            Between(9, 25),
            Between(25, 40),
            Enumerable.Range(41, 19).Max(second => Between(second, second + 1)) / (double)FlowLimits.RealtimePerSecond,
            Between(40, 41) / (double)FlowLimits.RealtimePerSecond);

        int Between(double from, double until) => times.Count(at => at >= from && at < until);
    }
}
