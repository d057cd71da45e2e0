using System.Diagnostics;
using WeCan.Contracts;
using WeCan.Contracts.Control.Routing;
using WeCan.Controller.Routing.Graph;

namespace WeCan.Bench.Routes;

/// <summary>
/// How long the routes of a full mesh take: all pairs and classes from nothing, and again after one link changed. Times are those of a clock,
/// medians of several; beside them stands what the processors spent, as other work on a machine disturbs only the clock.
/// </summary>
internal sealed record SpeedMeasurement(int Nodes, double FullMilliseconds, double FullProcessorMilliseconds)
{
    private const int Rounds = 7;
    private const int WarmUps = 4;

    /// <summary>So long the runtime may need until all that is measured is compiled for good, which small networks reach after many rounds only.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(6);

    private const int WarmUpChanges = 200;
    private const int Seed = 7;

    public required double DeltaMedian { get; init; }

    public required double DeltaHigh { get; init; }

    public required double DeltaHighProcessor { get; init; }

    /// <summary>Pairs that got other ways by a change, on average; each class counts.</summary>
    public required double DeltaPairs { get; init; }

    /// <summary>What the routes, and what is remembered for the next change, hold.</summary>
    public required double Mebibytes { get; init; }

    /// <param name="redraw">What a direction of a link costs when it is measured another time.</param>
    public static SpeedMeasurement Measure(Topology topology, int changes, Func<Random, int, int, int> redraw)
    {
        var random = new Random(Seed);
        topology = WithClasses(topology, random);
        var policy = new RoutePolicy();
        var (full, processor) = (new List<double>(), new List<double>());
        RouteComputer computer = new();
        var table = RouteTable.Empty;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; full.Count < Rounds; round++)
        {
            (computer, table) = (new(), RouteTable.Empty);
            GC.Collect();
            var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            table = computer.Run(topology, policy, RouteTable.Empty);
            if (round < WarmUps || Stopwatch.GetElapsedTime(began) < WarmUpTime)
                continue;
            full.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            processor.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
        }

        var mebibytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0;
        var (delta, deltaProcessor, moved) = (new List<double>(), new List<double>(), 0L);
        for (var change = 0; change < WarmUpChanges + changes; change++)
        {
            topology = Change(topology, random, redraw);
            var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var next = computer.Run(topology, policy, table);
            delta.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            deltaProcessor.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
            moved += next == table ? 0 : next.Changed;
            table = next;
        }

        return new(topology.Count, Quantile(full, 0.5), Quantile(processor, 0.5))
        {
            DeltaMedian = Quantile(delta[WarmUpChanges..], 0.5),
            DeltaHigh = Quantile(delta[WarmUpChanges..], 0.99),
            DeltaHighProcessor = Quantile(deltaProcessor[WarmUpChanges..], 0.99),
            DeltaPairs = (double)moved / delta.Count,
            Mebibytes = mebibytes,
        };
    }

    /// <summary>Classes see the same link differently: by its jitter, its loss and its price, which are drawn.</summary>
    private static Topology WithClasses(Topology topology, Random random)
    {
        for (var from = 0; from < topology.Count; from++)
        {
            for (var to = 0; to < topology.Count; to++)
            {
                var cost = topology.Cost(RouteClass.Signal, from, to);
                if (cost >= Topology.Unreachable)
                    continue;
                topology.Set(RouteClass.Realtime, from, to, Shaken(cost, random));
                topology.Set(RouteClass.Bulk, from, to, Priced(cost, random));
            }
        }

        return topology;
    }

    /// <summary>One direction of one link is measured another time; one in ten is gone then.</summary>
    private static Topology Change(Topology topology, Random random, Func<Random, int, int, int> redraw)
    {
        var from = random.Next(topology.Count);
        var to = (from + 1 + random.Next(topology.Count - 1)) % topology.Count;
        var cost = random.Next(10) == 0 ? Topology.Unreachable : redraw(random, from, to);
        return cost >= Topology.Unreachable ? topology.With(from, to, cost, cost, cost)
            : topology.With(from, to, Shaken(cost, random), cost, Priced(cost, random));
    }

    private static int Shaken(int cost, Random random) => (int)(cost * (1 + (0.3 * Math.Pow(random.NextDouble(), 3))));

    private static int Priced(int cost, Random random) => (cost / 2) + random.Next(20_000);

    private static double Quantile(List<double> values, double share) => values.Order().ElementAt((int)Math.Ceiling(share * values.Count) - 1);
}
