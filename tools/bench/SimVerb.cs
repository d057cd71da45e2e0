using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WeCan.Simulation.Swarm;

namespace WeCan.Bench;

/// <summary>bench sim: runs whole overlays in virtual time, one for each seed, and replays the seed that failed.</summary>
internal static class SimVerb
{
    private const int StoryLines = 60;
    private const int DefaultSeeds = 100;

    public static int Run(string[] options)
    {
        ulong? seed = null;
        ulong first = 1;
        int? count = null;
        var edition = SwarmPlan.LatestEdition;
        bool json = false, trace = false;
        for (var i = 0; i < options.Length; i++)
        {
            var hasNumber = i + 1 < options.Length;
            switch (options[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--trace":
                    trace = true;
                    break;
                case "--seed" when hasNumber && TryRead(options[++i], out var value):
                    seed = value;
                    break;
                case "--first" when hasNumber && TryRead(options[++i], out var value):
                    first = value;
                    break;
                case "--edition" when hasNumber && TryRead(options[++i], out var value) && value is > 0 and <= SwarmPlan.LatestEdition:
                    edition = (int)value;
                    break;
                case "--seeds" when hasNumber && TryRead(options[++i], out var value) && value is > 0 and <= int.MaxValue:
                    count = (int)value;
                    break;
                default:
                    return Usage.Refuse($"sim cannot read {options[i]}: it takes --seeds N [--first K] [--json], or --seed N [--trace], and --edition E, with N and K whole numbers.");
            }
        }

        return (seed, count) switch
        {
            ({ } one, null) when !json => Replay(one, edition, trace),
            (null, _) when !trace => Hunt(first, count ?? DefaultSeeds, edition, json),
            _ => Usage.Refuse("sim replays one seed, with --seed N [--trace], or runs many, with --seeds N [--first K] [--json]: not both."),
        };
    }

    private static bool TryRead(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static int Replay(ulong seed, int edition, bool trace)
    {
        var plan = SwarmPlanner.Draw(seed, edition);
        Console.WriteLine(plan);
        var story = new SwarmStory();
        var result = SwarmRun.Execute(plan, story);
        foreach (var line in trace || result.Failure is null ? story.All() : story.Near(result.Failure.At, StoryLines))
            Console.WriteLine(line);
        foreach (var line in story.End())
            Console.WriteLine(line);
        Console.WriteLine($"{result.Steps:N0} events, fingerprint {result.Fingerprint:x16}, {result.Tally}");
        Console.WriteLine(result.Failure is null ? $"seed {seed} keeps every promise" : $"FAILED {result.Failure}");
        return result.Failure is null ? 0 : 1;
    }

    private static int Hunt(ulong first, int count, int edition, bool json)
    {
        var results = new SwarmResult[count];
        var start = Stopwatch.GetTimestamp();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            results[index] = SwarmRun.Execute(SwarmPlanner.Draw(first + (ulong)index, edition));
        });
        var perMinute = count / Stopwatch.GetElapsedTime(start).TotalMinutes;
        var failed = results.Where(result => result.Failure is not null).ToList();
        if (json)
            PrintJson(results, failed, perMinute);
        else
            PrintTable(results, failed, perMinute);
        return failed.Count == 0 ? 0 : 1;
    }

    private static void PrintTable(SwarmResult[] results, List<SwarmResult> failed, double perMinute)
    {
        foreach (var result in failed)
            Console.WriteLine(result.Failure);
        Console.WriteLine($"{"",-24} {"all",14} {"median seed",14} {"largest",14}");
        Row("events", results, result => result.Steps);
        Row("late turns", results, result => result.Tally.TurnsLate);
        Row("detours", results, result => result.Tally.Detours);
        Row("salvaged", results, result => result.Tally.Salvaged);
        Row("wire bytes", results, result => result.Tally.WireBytes);
        Row("wire % of offered", results, result => 100.0 * result.Tally.WireBytes / (result.Tally.OfferedBytes + 20_000));
        Row("stream messages", results, result => result.Tally.StreamsDelivered);
        Row("stream bytes", results, result => result.Tally.StreamBytesDelivered);
        Row("multicast messages", results, result => result.Tally.MulticastsDelivered);
        Row("taken out", results, result => result.Tally.DestinationsTakenOut);
        Row("realtime to many", results, result => result.Tally.RealtimeMulticastsDelivered);
        Row("realtime sent", results, result => result.Tally.RealtimeAccepted);
        Row("realtime delivered", results, result => result.Tally.RealtimeDelivered);
        Row("flows broken", results, result => result.Tally.FlowsBroken);
        Row("links up", results, result => result.Tally.LinksUp);
        Row("members removed", results, result => result.Tally.MembersRemoved);
        Row("clients' links up", results, result => result.Tally.ClientsUp);
        Row("clients' messages", results, result => result.Tally.ClientMessagesDelivered);
        Row("links stand after ms", results, result => result.Tally.LinksSeconds * 1e3);
        Row("recovery ms", results, result => result.Tally.RecoverySeconds * 1e3);
        Console.WriteLine($"{results.Length} seeds, {failed.Count} failed, {perMinute:N0} seeds a minute");
    }

    private static void Row(string name, SwarmResult[] results, Func<SwarmResult, double> value)
    {
        var values = results.Select(value).Order().ToArray();
        Console.WriteLine($"{name,-24} {values.Sum(),14:N0} {values[values.Length / 2],14:N0} {values[^1],14:N0}");
    }

    private static void PrintJson(SwarmResult[] results, List<SwarmResult> failed, double perMinute) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            seeds = results.Length,
            failed = failed.Select(result => result.Seed),
            seeds_per_minute = Math.Round(perMinute),
        }));
}
