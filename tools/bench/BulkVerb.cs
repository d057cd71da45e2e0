using System.Globalization;
using System.Text.Json;
using WeCan.Contracts;
using WeCan.Simulation.Transfers;

namespace WeCan.Bench;

/// <summary>
/// bench bulk: one Bulk flow over a bottleneck in the simulator, at several rates of random loss, and what two flows make
/// of it, of ours or beside a modelled TCP. Medians over seeds; virtual time, so the machine does not matter.
/// </summary>
internal static class BulkVerb
{
    private const int Seeds = 3;

    /// <summary>Which of two probes when is chance, so that single runs lie far apart.</summary>
    private const int ShareSeeds = 5;

    private static readonly double[] Losses = [0, 1, 5];
    private static readonly Duration Alone = Duration.FromSeconds(10);
    private static readonly Duration Together = Duration.FromSeconds(40);
    private static readonly Duration SecondStarts = Duration.FromSeconds(5);

    public static int Run(string[] options)
    {
        if (options is not ([] or ["--json"]))
            return Usage.Refuse($"bulk cannot read {string.Join(' ', options)}: it takes --json, or nothing.");
        var cases = new BulkResult[Losses.Length];
        var lossBased = new BulkResult[Losses.Length];
        double self = 0, beside = 0;
        var work = new List<Action>();
        work.Add(() => self = Median(seed => BulkTransfer.ShareOfSelf(new(), seed, Together, SecondStarts)));
        work.Add(() => beside = Median(BesideLossBased));
        for (var i = 0; i < Losses.Length; i++)
        {
            var at = i;
            work.Add(() => cases[at] = MedianCase(seed => BulkTransfer.Alone(PathOf(at), seed, Alone)));
            work.Add(() => lossBased[at] = MedianCase(seed => BulkTransfer.LossBasedAlone(PathOf(at), seed, Alone)));
        }

        Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, [.. work]);
        if (options is [])
            PrintTable(cases, lossBased, self, beside);
        else
            PrintJson(cases, lossBased, self, beside);
        return 0;
    }

    /// <summary>The smaller one's part, whoever that is and whoever came first.</summary>
    private static double BesideLossBased(ulong seed)
    {
        var ours = BulkTransfer.ShareBesideLossBased(new(), seed, Together, SecondStarts, oursFirst: seed % 2 == 0);
        return Math.Min(ours, 1 - ours);
    }

    private static double Median(Func<ulong, double> measure) =>
        Enumerable.Range(1, ShareSeeds).Select(seed => measure((ulong)seed)).Order().ElementAt(ShareSeeds / 2);

    private static BulkResult MedianCase(Func<ulong, BulkResult> measure)
    {
        var results = Enumerable.Range(1, Seeds).Select(seed => measure((ulong)seed)).ToArray();
        double Middle(Func<BulkResult, double> value) => results.Select(value).Order().ElementAt(Seeds / 2);
        return new(Middle(result => result.GoodputMbps), Middle(result => result.QueueP50Ms), Middle(result => result.Wire));
    }

    private static Bottleneck PathOf(int index) => new() { LossPercent = Losses[index] };

    private static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"loss_{Losses[index]}");

    private static void PrintTable(BulkResult[] cases, BulkResult[] lossBased, double self, double beside)
    {
        Console.WriteLine($"{"",-10} {"Mbit/s",8} {"queue p50 ms",13} {"wire",6} {"modelled TCP: Mbit/s",22} {"queue p50 ms",13} {"wire",6}");
        for (var i = 0; i < cases.Length; i++)
            Console.WriteLine($"{NameOf(i),-10} {cases[i].GoodputMbps,8:0.0} {cases[i].QueueP50Ms,13:0.0} {cases[i].Wire,6:0.000} {lossBased[i].GoodputMbps,22:0.0} {lossBased[i].QueueP50Ms,13:0.0} {lossBased[i].Wire,6:0.000}");
        Console.WriteLine($"two of ours: the smaller gets {self:0.000}; beside the modelled TCP: the smaller gets {beside:0.000}");
    }

    private static void PrintJson(BulkResult[] cases, BulkResult[] lossBased, double self, double beside) =>
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            cases = cases.Select((one, index) => new
            {
                name = NameOf(index),
                goodput_mbps = Math.Round(one.GoodputMbps, 2),
                queue_p50_ms = Math.Round(one.QueueP50Ms, 2),
                wire = Math.Round(one.Wire, 4),
                loss_based_goodput_mbps = Math.Round(lossBased[index].GoodputMbps, 2),
            }),
            share_self = Math.Round(self, 3),
            share_loss_based = Math.Round(beside, 3),
        }));
}
