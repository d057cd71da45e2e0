using WeCan.Simulation.Recovery;

namespace WeCan.Bench;

/// <summary>One recovery case over many seeds.</summary>
/// <param name="MissedUpperPercent">With 95 % confidence no more are missed: the larger of two bounds, one for misses that come one by one, one for misses that come together in a seed.</param>
internal sealed record RecoveryMeasurement(
    string Name, double MissedPercent, double MissedUpperPercent, double Wire, double P50, double P99, long Packets)
{
    /// <summary>The normal distribution's point that 95 % lie below.</summary>
    private const double Z = 1.645;

    public static RecoveryMeasurement Measure(RecoveryCase one, int seeds)
    {
        var results = new RecoveryResult[seeds];
        Parallel.For(0, seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            results[index] = RecoveryRun.Execute(one, (ulong)index + 1);
        });
        var packets = results.Sum(result => (long)result.Sent);
        var missed = results.Sum(result => (long)result.Missed);
        var delays = results.SelectMany(result => result.Delays).Select(delay => delay.Milliseconds).ToArray();
        Array.Sort(delays);
        return new(
            one.Name,
            100.0 * missed / packets,
            100 * Math.Max(OneByOneBound(missed) / packets, BySeedBound(results)),
            results.Average(result => result.Wire),
            Quantile(delays, 0.50),
            Quantile(delays, 0.99),
            packets);
    }

    /// <summary>The mean of a Poisson distribution that would show this few or fewer once in twenty (Wilson and Hilferty's form of the chi-square quantile).</summary>
    private static double OneByOneBound(long missed)
    {
        var k = missed + 1.0;
        var root = 1 - (1 / (9 * k)) + (Z / (3 * Math.Sqrt(k)));
        return k * root * root * root;
    }

    private static double BySeedBound(RecoveryResult[] results)
    {
        var shares = results.Select(result => (double)result.Missed / result.Sent).ToArray();
        var mean = shares.Average();
        if (shares.Length < 2)
            return mean;
        var variance = shares.Sum(share => (share - mean) * (share - mean)) / (shares.Length - 1);
        return mean + (Z * Math.Sqrt(variance / shares.Length));
    }

    private static double Quantile(double[] sorted, double share) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min((int)(share * sorted.Length), sorted.Length - 1)];
}
