using System.Globalization;
using System.Text.Json;
using WeCan.Simulation.Recovery;

namespace WeCan.Bench;

/// <summary>bench recovery: what a Realtime flow misses over bad paths in virtual time, and what the repair of the rest costs on the wire.</summary>
internal static class RecoveryVerb
{
    private const int DefaultSeeds = 20;

    public static int Run(string[] options)
    {
        var json = false;
        var seeds = DefaultSeeds;
        RecoveryCase? only = null;
        for (var i = 0; i < options.Length; i++)
        {
            var hasNext = i + 1 < options.Length;
            if (options[i] == "--json")
                json = true;
            else if (options[i] == "--seeds" && hasNext && int.TryParse(options[++i], NumberStyles.None, CultureInfo.InvariantCulture, out seeds) && seeds > 0)
                continue;
            else if (options[i] == "--case" && hasNext && RecoveryCase.All.FirstOrDefault(one => one.Name == options[i + 1]) is { } named)
                (only, i) = (named, i + 1);
            else
                return Usage.Refuse($"recovery cannot read {options[i]}: it takes --json, --seeds N and --case NAME, with NAME one of {string.Join(", ", RecoveryCase.All.Select(one => one.Name))}.");
        }

        var cases = RecoveryCase.All.Where(one => only is null || one == only).Select(one => RecoveryMeasurement.Measure(one, seeds));
        if (json)
            PrintJson(cases);
        else
            PrintTable(cases);
        return 0;
    }

    private static void PrintTable(IEnumerable<RecoveryMeasurement> cases)
    {
        Console.WriteLine($"{"case",-15} {"missed %",9} {"95 % bound",11} {"wire",7} {"p50 ms",8} {"p99 ms",8} {"packets",11}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Name,-15} {one.MissedPercent,9:0.0000} {one.MissedUpperPercent,11:0.0000} {one.Wire,7:0.000} {one.P50,8:0.00} {one.P99,8:0.00} {one.Packets,11:N0}");
    }

    private static void PrintJson(IEnumerable<RecoveryMeasurement> cases) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                name = one.Name,
                missed_percent = Math.Round(one.MissedPercent, 6),
                missed_upper_percent = Math.Round(one.MissedUpperPercent, 6),
                wire = Math.Round(one.Wire, 4),
                p50_ms = Math.Round(one.P50, 3),
                p99_ms = Math.Round(one.P99, 3),
                packets = one.Packets,
            }),
        }));
}
