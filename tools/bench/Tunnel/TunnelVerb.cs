using System.Text.Json;
using System.Text.Json.Serialization;

namespace WeCan.Bench.Tunnel;

/// <summary>bench tunnel: what iperf3 and rtprobe get through the tunnels of two edges, over a bad way and over a clean one.</summary>
internal static class TunnelVerb
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
    private static readonly (string Name, Func<string, TunnelMeasurement> Measure)[] All =
        [("tcp_5", TunnelMeasurement.Stream), ("udp_5", TunnelMeasurement.Datagrams), ("clean_udp", TunnelMeasurement.Clean)];

    public static int Run(string[] options)
    {
        var isJson = options.Contains("--json", StringComparer.Ordinal);
        var rest = options.Where(option => option != "--json").ToArray();
        var asked = rest is ["--case", var name] ? All.Where(one => one.Name == name).ToArray() : rest is [] ? All : [];
        if (asked.Length == 0)
            return Usage.Refuse($"tunnel cannot read {string.Join(' ', rest)}: it takes --json, and --case with {string.Join(", ", All.Select(one => one.Name))}.");
        return BenchFolder.With("wecan-tunnel", folder =>
        {
            Prerequisites.Check("iperf3", "nebula");
            var cases = asked.Select(one => one.Measure(folder)).ToArray();
            if (isJson)
                Console.WriteLine(JsonSerializer.Serialize(new { cases }, Json));
            else
                Print(cases);
        });
    }

    private static void Print(TunnelMeasurement[] cases)
    {
        Console.WriteLine($"{"case",-10} {"Mbit/s",8} {"missed %",9} {"wire",6} {"packets/s",10} {"nebula's",10} {"ratio",6}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Name,-10} {one.Mbps,8:0.0} {one.MissedPercent,9:0.000} {one.Wire,6:0.000} {one.PacketsPerSecond,10:N0} {one.NebulaPacketsPerSecond,10:N0} {one.RatioToNebula,6:0.00}");
    }
}
