using WeCan.Simulation.World;

namespace WeCan.Bench.Failover;

/// <summary>failover.wan many times: Realtime over one way and, in runs of their own, over two.</summary>
/// <param name="SignalWrong">Signal messages lost, repeated or out of order, in all runs together.</param>
/// <param name="LostMedian">Realtime messages missed by the silent death of the way in use, of one run.</param>
/// <param name="TwoPathsLost">The most of them over two ways.</param>
/// <param name="HealingLost">The most that were missed while the dead way came back.</param>
/// <param name="WorstSecond">The largest share missed in a second in which the only good way loses bursts.</param>
internal sealed record FailoverMeasurement(
    string Controller, int Runs, int SignalWrong, int LostMedian, int LostMost, int TwoPathsLost, int HealingLost, double WorstSecond)
{
    public static FailoverMeasurement Measure(bool hasController, int runs)
    {
        var (one, two) = (new FailoverResult[runs], new FailoverResult[runs]);
        Parallel.For(0, 2 * runs, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            var results = index % 2 == 0 ? one : two;
            results[index / 2] = FailoverRun.Execute((index / 2) + 1, hasController, 1 + (index % 2));
        });
        return Of(hasController, one, two);
    }

    /// <summary>The same with the daemons that ship, one run after the other.</summary>
    public static FailoverMeasurement MeasureDaemons(string folder, bool hasController, int runs)
    {
        var (one, two) = (new FailoverResult[runs], new FailoverResult[runs]);
        for (var run = 0; run < runs; run++)
            (one[run], two[run]) = DaemonRun.Execute(folder, hasController);
        return Of(hasController, one, two);
    }

    private static FailoverMeasurement Of(bool hasController, FailoverResult[] one, FailoverResult[] two)
    {
        var lost = one.Select(result => result.LostByDeath).Order().ToList();
        return new(
            hasController ? "up" : "down",
            one.Length,
            one.Concat(two).Sum(result => result.SignalWrong),
            lost[lost.Count / 2],
            lost[^1],
            two.Max(result => result.LostByDeath),
            one.Concat(two).Max(result => result.LostByHealing),
            one.Max(result => result.WorstSecond));
    }
}
