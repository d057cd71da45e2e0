using System.Globalization;
using System.Text.Json;
using WeCan.Bench.Tunnel;

namespace WeCan.Bench.Failover;

/// <summary>
/// bench failover: what flows lose when links die silently or turn bad, with the controller and without, over one way and over two. Nodes,
/// controller and sessions are those of the daemons, in virtual time; with --daemons they are the daemons themselves, in network namespaces.
/// </summary>
internal static class FailoverVerb
{
    private const int DefaultRuns = 20;
    private const int DefaultDaemonRuns = 3;

    public static int Run(string[] options)
    {
        var json = false;
        var daemons = false;
        int? asked = null;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i] == "--json")
                json = true;
            else if (options[i] == "--daemons")
                daemons = true;
            else if (options[i] == "--runs" && i + 1 < options.Length && int.TryParse(options[++i], NumberStyles.None, CultureInfo.InvariantCulture, out var runs) && runs is > 0 and <= 10_000)
                asked = runs;
            else
                return Usage.Refuse($"failover cannot read {options[i]}: it takes --json, --daemons and --runs N.");
        }

        if (daemons)
            return BenchFolder.With("wecan-failover", folder =>
            {
                Prerequisites.Check();
                Print(json, hasController => FailoverMeasurement.MeasureDaemons(folder, hasController, asked ?? DefaultDaemonRuns));
            });
        Print(json, hasController => FailoverMeasurement.Measure(hasController, asked ?? DefaultRuns));
        return 0;
    }

    private static void Print(bool json, Func<bool, FailoverMeasurement> measure)
    {
        var cases = new[] { true, false }.Select(measure).ToList();
        if (json)
            PrintJson(cases);
        else
            PrintTable(cases);
    }

    private static void PrintTable(List<FailoverMeasurement> cases)
    {
        Console.WriteLine($"{"controller",-11} {"runs",5} {"Signal wrong",13} {"Realtime lost",14} {"at most",8} {"two ways",9} {"healing",8} {"worst second %",15}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Controller,-11} {one.Runs,5} {one.SignalWrong,13} {one.LostMedian,14} {one.LostMost,8} {one.TwoPathsLost,9} {one.HealingLost,8} {100 * one.WorstSecond,15:0.00}");
    }

    private static void PrintJson(List<FailoverMeasurement> cases) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                controller = one.Controller,
                runs = one.Runs,
                signal_wrong = one.SignalWrong,
                realtime_lost_p50 = one.LostMedian,
                realtime_lost_max = one.LostMost,
                two_paths_lost = one.TwoPathsLost,
                healing_lost_max = one.HealingLost,
                worst_second_percent = Math.Round(100 * one.WorstSecond, 4),
            }),
        }));
}
