namespace WeCan.Bench.Bus;

/// <summary>What one side did in a turn, or the median of several; delays in microseconds, 0 where they were not asked for.</summary>
/// <param name="Rate">Messages a second, or requests.</param>
/// <param name="Median">The delay that half of them had at most.</param>
/// <param name="High">That 99 of 100 had at most.</param>
/// <param name="Server">Microseconds of a processor that the edge, or the server, took for each message.</param>
/// <param name="Clients">What both clients took.</param>
internal readonly record struct BusFigures(double Rate, double Median, double High, double Server, double Clients)
{
    public static BusFigures MedianOf(IReadOnlyCollection<BusFigures> rounds) =>
        new(Of(rounds, one => one.Rate), Of(rounds, one => one.Median), Of(rounds, one => one.High), Of(rounds, one => one.Server), Of(rounds, one => one.Clients));

    private static double Of(IReadOnlyCollection<BusFigures> rounds, Func<BusFigures, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);
}
