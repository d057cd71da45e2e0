using System.Globalization;
using System.Text.Json;
using WeCan.Bench.Forward;
using WeCan.Hosting.Daemon;
using WeCan.Programs;

namespace WeCan.Bench.Control;

/// <summary>bench controller: what a controller takes, and how soon its nodes have new routes.</summary>
internal static class ControllerVerb
{
    private const int FewestNodes = 10;

    public static int Run(string[] options)
    {
        var (nodes, seconds, isJson) = (ControllerBenchLimits.Nodes, ControllerBenchLimits.Seconds, false);
        for (var i = 0; i < options.Length; i++)
        {
            var isRead = options[i] switch
            {
                "--json" => isJson = true,
                "--nodes" => ++i < options.Length && int.TryParse(options[i], NumberStyles.None, CultureInfo.InvariantCulture, out nodes) && nodes is >= FewestNodes and <= ControllerBenchLimits.MostNodes,
                "--seconds" => ++i < options.Length && int.TryParse(options[i], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds > 0,
                _ => false,
            };
            if (!isRead)
                return Usage.Refuse($"controller cannot read {string.Join(' ', options)}: it takes --json, --seconds, and --nodes with {FewestNodes} to {ControllerBenchLimits.MostNodes}.");
        }

        try
        {
            Print(ControllerMeasurement.Measure(nodes, seconds), isJson);
            return 0;
        }
        catch (Exception failure) when (failure is ForwardException or ProgramException or DaemonException)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    private static void Print(ControllerMeasurement one, bool isJson) => Console.WriteLine(isJson
        ? JsonSerializer.Serialize(new
        {
            nodes = one.Nodes,
            cpu_percent = Math.Round(one.ProcessorPercent, 1),
            rss_mib = Math.Round(one.Mebibytes, 1),
            push_p50_ms = Math.Round(one.PushMilliseconds(0.5), 1),
            push_p99_ms = Math.Round(one.PushMilliseconds(0.99), 1),
            pushes = one.Pushes.Count,
            links_reported_per_s = Math.Round(one.LinksReported),
            computations_per_s = Math.Round(one.Computations, 2),
            routes_changed_per_s = Math.Round(one.RoutesChanged, 1),
        })
        : $"{one.Nodes} nodes: {one.ProcessorPercent:0} % of a processor, {one.Mebibytes:0} MiB; {one.Pushes.Count} changes of routes came within {one.PushMilliseconds(0.5):0} ms (p50), {one.PushMilliseconds(0.99):0} ms (p99); "
            + $"each second {one.LinksReported:0} links were reported, routes computed {one.Computations:0.0} times, {one.RoutesChanged:0} changed");
}
