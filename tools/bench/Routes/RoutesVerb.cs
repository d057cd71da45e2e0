using System.Text.Json;

namespace WeCan.Bench.Routes;

/// <summary>bench routes: how long the computation of routes takes, and how good and how steady they are on measured networks.</summary>
internal static class RoutesVerb
{
    private const int Changes = 1_000;

    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "data", "latency");

    public static int Run(string[] options)
    {
        if (options is not ([] or ["--json"]))
            return Usage.Refuse($"routes cannot read {string.Join(' ', options)}: it takes --json, or nothing.");
        try
        {
            var planetlab = LatencyMatrix.ReadOne(Path.Combine(Data, "planetlab-1.txt.gz"));
            var seattle = SeattleMeasurement.Measure(LatencyMatrix.ReadSeries(Path.Combine(Data, "seattle-1-40.tar.gz")));
            var quality = PlanetLabMeasurement.Measure(planetlab);
            SpeedMeasurement[] cases = [MeasurePlanetLab(planetlab), MeasurePlane(1_000), MeasurePlane(2_000)];
            if (options is [])
                PrintTable(cases, quality, seattle);
            else
                PrintJson(cases, quality, seattle);
            return 0;
        }
        catch (RoutesException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 1;
        }
    }

    /// <summary>Another measurement of a pair takes up to a tenth more or less.</summary>
    private static SpeedMeasurement MeasurePlanetLab(LatencyMatrix matrix) =>
        SpeedMeasurement.Measure(matrix.ToTopology(), Changes, (random, from, to) => (int)(matrix[from, to] * (0.9 + (0.2 * random.NextDouble()))));

    private static SpeedMeasurement MeasurePlane(int count)
    {
        var network = new PlaneNetwork(count);
        return SpeedMeasurement.Measure(network.Topology, Changes, network.Draw);
    }

    private static void PrintTable(SpeedMeasurement[] cases, PlanetLabMeasurement planetlab, SeattleMeasurement seattle)
    {
        Console.WriteLine($"{"nodes",6} {"full ms",9} {"cpu ms",9} {"delta p50",10} {"p99 ms",8} {"p99 cpu",8} {"moved",8} {"MiB",6}");
        foreach (var one in cases)
            Console.WriteLine($"{one.Nodes,6} {one.FullMilliseconds,9:0.0} {one.FullProcessorMilliseconds,9:0.0} {one.DeltaMedian,10:0.00} {one.DeltaHigh,8:0.00} {one.DeltaHighProcessor,8:0.00} {one.DeltaPairs,8:0} {one.Mebibytes,6:0}");
        Console.WriteLine($"planetlab: all round trips together {planetlab.SumGain:0.000} times shorter, p99 {planetlab.High:0} ms for {planetlab.DirectHigh:0}, {planetlab.WorseThanBest} pairs worse than the best path");
        Console.WriteLine($"seattle: {seattle.RegretPercent:0.00} % longer than the best, {seattle.ChangesPerPairStep:0.000} changes per pair and step ({seattle.UndampedChanges:0.000} undamped)");
    }

    private static void PrintJson(SpeedMeasurement[] cases, PlanetLabMeasurement planetlab, SeattleMeasurement seattle) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select(one => new
            {
                nodes = one.Nodes,
                full_ms = Math.Round(one.FullMilliseconds, 1),
                full_cpu_ms = Math.Round(one.FullProcessorMilliseconds, 1),
                delta_p50_ms = Math.Round(one.DeltaMedian, 2),
                delta_p99_ms = Math.Round(one.DeltaHigh, 2),
                delta_p99_cpu_ms = Math.Round(one.DeltaHighProcessor, 2),
                delta_pairs = Math.Round(one.DeltaPairs, 1),
                mib = Math.Round(one.Mebibytes, 1),
            }),
            planetlab = new
            {
                sum_gain = Math.Round(planetlab.SumGain, 4),
                p99_direct_ms = Math.Round(planetlab.DirectHigh, 1),
                p99_ms = Math.Round(planetlab.High, 1),
                pairs_worse_than_best = planetlab.WorseThanBest,
                networkx_pairs = planetlab.NetworkxPairs,
            },
            seattle = new
            {
                regret_percent = Math.Round(seattle.RegretPercent, 3),
                changes_per_pair_step = Math.Round(seattle.ChangesPerPairStep, 4),
                changes_undamped = Math.Round(seattle.UndampedChanges, 4),
            },
        }));
}
